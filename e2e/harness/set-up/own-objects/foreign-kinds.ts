import { groupBy, uniq } from "es-toolkit";
import { z } from "zod";
import { builtInGroups } from "../../../clients/api-server/built-in-kinds.ts";
import type { Manifest } from "../../../clients/kube-objects.ts";
import type { StandInObjects } from "./own-classes.ts";

/** The groups of Kubernetes' own API servers: those of CRDs may end in .k8s.io, too. Client-node has no client for two. */
const builtIn = new Set([
	...builtInGroups,
	"internal.apiserver.k8s.io",
	"storagemigration.k8s.io",
]);
/** A group of another program needs a domain. */
const isForeign = (group: string) => group.includes(".") && !builtIn.has(group);

const definition = z.looseObject({
	spec: z.looseObject({
		group: z.string(),
		names: z.looseObject({ kind: z.string() }),
	}),
});

/**
 * CRDs without a schema for objects of programs that do not run here: without any, Helm refuses the whole chart. A kind
 * that is known in another version is left to Helm, as the homelab's own cluster would.
 *
 * @param manifests what Helm rendered
 * @param known the CRDs that the cluster gets anyway
 */
export function makeForeignKinds(
	manifests: readonly Manifest[],
	known: readonly Manifest[],
): StandInObjects {
	const defined = new Set(
		[...known, ...manifests].flatMap((each) => {
			const { success, data } = definition.safeParse(each);
			return success && each.kind === "CustomResourceDefinition"
				? [`${data.spec.names.kind}.${data.spec.group}`]
				: [];
		}),
	);
	const foreign = manifests.filter(({ apiVersion, kind }) => {
		const group = groupOf(apiVersion);
		return isForeign(group) && !defined.has(`${kind}.${group}`);
	});
	const byKind = Object.values(
		groupBy(
			foreign,
			({ apiVersion, kind }) => `${kind}.${groupOf(apiVersion)}`,
		),
	).flatMap(([first, ...more]): ForeignKind[] =>
		first
			? [
					{
						kind: first.kind,
						group: groupOf(first.apiVersion),
						objects: [first, ...more],
					},
				]
			: [],
	);
	return {
		objects: byKind.map(makeCrd),
		sentences: byKind.map(({ kind, group, objects }) => {
			const names = objects.map(({ metadata }) => metadata.name).join(", ");
			return `${kind} of ${group} (${names}): the test makes a CRD without a schema; no program here acts on it`;
		}),
	};
}

interface ForeignKind {
	readonly kind: string;
	readonly group: string;
	readonly objects: readonly Manifest[];
}

function makeCrd({ kind, group, objects }: ForeignKind): Manifest {
	const plural = pluralOf(kind.toLowerCase());
	const versions = uniq(
		objects.map((each) => each.apiVersion.split("/").at(-1) ?? ""),
	);
	return {
		apiVersion: "apiextensions.k8s.io/v1",
		kind: "CustomResourceDefinition",
		metadata: {
			name: `${plural}.${group}`,
			// Kubernetes refuses CRDs of its own domains without it.
			...(/(^|\.)(k8s|kubernetes)\.io$/.test(group) && {
				annotations: {
					"api-approved.kubernetes.io": "unapproved, a stand-in of a test",
				},
			}),
		},
		spec: {
			group,
			scope: isOfCluster(objects) ? "Cluster" : "Namespaced",
			names: { kind, plural },
			versions: versions.map((name, i) => ({
				name,
				served: true,
				storage: i === 0,
				schema: {
					openAPIV3Schema: {
						type: "object",
						"x-kubernetes-preserve-unknown-fields": true,
					},
				},
			})),
		},
	};
}

/** Helm gives an object without a namespace the release's if its kind has any, so only those that surely have none count. */
function isOfCluster(objects: readonly Manifest[]): boolean {
	return objects.every(
		({ kind, metadata }) =>
			metadata.namespace === undefined &&
			(/^(Global)?Cluster[A-Z]/.test(kind) || /[a-z]Class$/.test(kind)),
	);
}

function groupOf(apiVersion: string): string {
	return apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
}

/** As generators of CRDs build it. */
function pluralOf(singular: string): string {
	if (/[^aeiou]y$/.test(singular)) return `${singular.slice(0, -1)}ies`;
	return /(s|x|z|ch|sh)$/.test(singular) ? `${singular}es` : `${singular}s`;
}
