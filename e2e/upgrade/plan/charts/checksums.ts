import { isEqual, omit, pickBy } from "es-toolkit";
import { set } from "es-toolkit/compat";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { asObject, at } from "./fields.ts";
import { pairByKey } from "./pairs.ts";
import { objectKey } from "./side.ts";

const place = "spec.template.metadata.annotations";

/** Checksums of workloads whose value differs between two renderings of one chart: those of something random. */
export function findRandomChecksums(
	once: readonly Manifest[],
	again: readonly Manifest[],
): Set<string> {
	return new Set(
		pairByKey(once, again, objectKey).both.flatMap(([one, other]) => {
			const then = checksumsOf(other);
			return Object.entries(checksumsOf(one))
				.filter(([name, value]) => !isEqual(value, then[name]))
				.map(([name]) => keyOf(one, name));
		}),
	);
}

/** @param random as found by `findRandomChecksums` */
export function withoutChecksums(
	object: Manifest,
	random: ReadonlySet<string>,
): Manifest {
	const found = Object.keys(checksumsOf(object)).filter((name) =>
		random.has(keyOf(object, name)),
	);
	if (found.length === 0) return object;
	const copy = structuredClone(object);
	set(copy, place, omit(asObject(at(object, place)), found));
	return copy;
}

function checksumsOf(workload: Manifest): Record<string, unknown> {
	return pickBy(asObject(at(workload, place)), (_, name) =>
		name.startsWith("checksum/"),
	);
}

function keyOf(workload: Manifest, name: string): string {
	return `${objectKey(workload)} ${name}`;
}
