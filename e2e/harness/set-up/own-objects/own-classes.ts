import { groupBy, isPlainObject, uniq } from "es-toolkit";
import type { Manifest } from "../../../clients/kube-objects.ts";

/** Objects that stand in for a homelab's own, each told in a sentence. */
export interface StandInObjects {
	readonly objects: readonly Manifest[];
	readonly sentences: readonly string[];
}

/** Kubernetes brings these itself: system-cluster-critical and system-node-critical. */
const builtInPriority = /^system-/;
/** Above that of a pod that names no class, which is 0. */
const priority = 1000;

/**
 * The StorageClasses and PriorityClasses that manifests name and do not contain: without them volumes would never be
 * made, and pods be refused.
 *
 * @param given the StorageClass that every run has
 */
export function makeOwnClasses(
	manifests: readonly Manifest[],
	given: Manifest,
): StandInObjects {
	const byKind = groupBy(manifests, ({ kind }) => kind);
	const namesOf = (kind: string) =>
		(byKind[kind] ?? []).map(({ metadata }) => metadata.name);
	const volumes = byKind.PersistentVolume ?? [];
	const others = manifests.filter(
		({ kind }) =>
			kind !== "PersistentVolume" && kind !== "CustomResourceDefinition",
	);
	// A volume that is made by hand often has the name of a class that nobody makes, to be found by its claim.
	const known = new Set([
		given.metadata.name,
		...namesOf("StorageClass"),
		...textsUnder(volumes, "storageClassName"),
	]);
	const storage = uniq(textsUnder(others, "storageClassName")).filter(
		(name) => !known.has(name),
	);
	const inManifests = new Set(namesOf("PriorityClass"));
	const priorities = uniq(textsUnder(others, "priorityClassName")).filter(
		(name) => !inManifests.has(name) && !builtInPriority.test(name),
	);
	return {
		objects: [
			...storage.map((name) => makeStorageClass(name, given)),
			...priorities.map(makePriorityClass),
		],
		sentences: [
			...storage.map(
				(name) =>
					`StorageClass ${name}, which the values refer to: the test makes it, and it does what ${given.metadata.name} does here`,
			),
			...priorities.map(
				(name) =>
					`PriorityClass ${name}, which the values refer to: the test makes it, with a priority of ${priority}, and it evicts no pod`,
			),
		],
	};
}

function makeStorageClass(name: string, given: Manifest): Manifest {
	const { annotations = {}, ...metadata } = given.metadata;
	// Of two default classes the newer one counts, and a claim without a class is to get the homelab's.
	const own = Object.entries(annotations).filter(
		([key]) => !key.endsWith("/is-default-class"),
	);
	return {
		...given,
		metadata: { ...metadata, name, annotations: Object.fromEntries(own) },
	};
}

function makePriorityClass(name: string): Manifest {
	return {
		apiVersion: "scheduling.k8s.io/v1",
		kind: "PriorityClass",
		metadata: { name },
		value: priority,
		globalDefault: false,
		// On these small nodes it would be an addon that a claim needs.
		preemptionPolicy: "Never",
		description: "A stand-in for a class of the homelab's own.",
	};
}

/** Every text under a key, at any depth, but empty ones. */
function textsUnder(value: unknown, key: string): string[] {
	if (Array.isArray(value))
		return value.flatMap((each) => textsUnder(each, key));
	if (!isPlainObject(value)) return [];
	return Object.entries(value).flatMap(([name, each]) => {
		if (name !== key || typeof each !== "string") return textsUnder(each, key);
		return each === "" ? [] : [each];
	});
}
