import { uniq } from "es-toolkit";
import type { Manifest } from "../../../clients/kube-objects.ts";
import type { StandInObjects } from "./own-classes.ts";

const builtIn = ["default", "kube-system", "kube-public", "kube-node-lease"];

/**
 * The namespaces that manifests have objects in and nobody makes: without them Helm refuses the whole chart.
 *
 * @param given what else the cluster gets
 * @param own the stack's namespace
 */
export function makeOwnNamespaces(
	manifests: readonly Manifest[],
	given: readonly Manifest[],
	own: string,
): StandInObjects {
	const made = [...manifests, ...given].flatMap(({ kind, metadata }) =>
		kind === "Namespace" ? [metadata.name] : [],
	);
	const known = new Set([...builtIn, own, ...made]);
	const missing = uniq(
		manifests.flatMap(({ metadata }) => metadata.namespace || []),
	).filter((name) => !known.has(name));
	return {
		objects: missing.map((name) => ({
			apiVersion: "v1",
			kind: "Namespace",
			metadata: { name },
		})),
		sentences: missing.map(
			(name) =>
				`Namespace ${name}, in which the values have objects: the test makes it, and nothing else is in it`,
		),
	};
}
