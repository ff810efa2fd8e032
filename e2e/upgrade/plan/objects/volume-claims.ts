import { isPlainObject } from "es-toolkit";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { parseQuantity } from "../../../common/sizes.ts";
import { at } from "../charts/fields.ts";
import { operatorWorkloads } from "../charts/operator-kinds.ts";

/**
 * Whether the operator or a controller creates volume claims for an object. The operator does so for any storage that is
 * not said to be something else, even for an empty one.
 */
export function hasVolumeClaim(object: Manifest): boolean {
	const storage = at(object, "spec.storage");
	return (
		at(object, "spec.volumeClaimTemplates.0") !== undefined ||
		(isPlainObject(storage) &&
			storage.emptyDir === undefined &&
			storage.ephemeral === undefined &&
			(operatorWorkloads.includes(object.kind) ||
				storage.volumeClaimTemplate !== undefined))
	);
}

/** The name that the operator gives the volume claims of an object, before that of a pod. */
export function usualClaimName({
	kind,
	metadata,
}: Pick<Manifest, "kind" | "metadata">): string {
	return `${kind.replaceAll(/(?!^)([A-Z])/g, "-$1").toLowerCase()}-${metadata.name}-db`;
}

const keepPolicy = "helm.sh/resource-policy";

/** Whether Helm leaves the object in the cluster when the chart no longer has it. */
export function isKept({ metadata }: Pick<Manifest, "metadata">): boolean {
	return metadata.annotations?.[keepPolicy] === "keep";
}

/** Where a volume claim says how much it asks for. */
export const requestedStorage = "spec.resources.requests.storage";

/**
 * Whether a volume claim asks for less than before, which Kubernetes refuses. A size that cannot be read is not less: it
 * is refused as it is, see api/readable-amounts.ts.
 */
export function shrinks(old: Manifest, now: Manifest): boolean {
	const read = (each: Manifest) =>
		parseQuantity(String(at(each, requestedStorage) ?? "0"));
	try {
		return read(now) < read(old);
	} catch {
		return false;
	}
}
