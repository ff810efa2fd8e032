import { isPlainObject } from "es-toolkit";
import type { Manifest } from "../../clients/kube-objects.ts";
import { dataOf } from "../plan/charts/data.ts";

/** Loopback, and the networks of a test cluster. */
const own = /^(127\.|0\.0\.0\.0|10\.4[23]\.)/;

/**
 * Addresses of real machines in rendered objects. The test's cluster cannot reach them: what is sent there fails, as for
 * names outside the cluster, which its DNS does not resolve.
 *
 * @returns `<object>: <address>`, each once
 */
export function findRealAddresses(objects: readonly Manifest[]): string[] {
	const found = objects.flatMap((object) =>
		textsIn(object).flatMap((text) =>
			[
				...text.matchAll(
					/(?:https?:\/\/(?:[^@/\s]*@)?|endpoint:\s*"?)(\d{1,3}(?:\.\d{1,3}){3})\b/g,
				),
			]
				.map(([, address = ""]) => address)
				.filter((address) => !own.test(address))
				.map((address) => `${object.kind}/${object.metadata.name}: ${address}`),
		),
	);
	return [...new Set(found)];
}

function textsIn(object: Manifest): string[] {
	if (object.kind === "Secret") return [...dataOf(object).values()];
	const walk = (value: unknown): string[] => {
		if (typeof value === "string") return [value];
		if (Array.isArray(value)) return value.flatMap(walk);
		return isPlainObject(value) ? Object.values(value).flatMap(walk) : [];
	};
	return walk(object);
}
