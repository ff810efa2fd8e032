import type { Manifest } from "../../../clients/kube-objects.ts";
import { parseQuantity } from "../../../common/sizes.ts";
import { at } from "../charts/fields.ts";

/** Where objects have templates of their own volume claims. */
const templatePaths = [
	"spec.volumeClaimTemplates.0",
	"spec.storage.volumeClaimTemplate.spec",
];

/** Whether the operator or a controller creates volume claims for an object. */
export function hasVolumeClaim(object: Manifest): boolean {
	return templatePaths.some((path) => at(object, path) !== undefined);
}

const keepPolicy = "helm.sh/resource-policy";

/** Whether Helm leaves the object in the cluster when the chart no longer has it. */
export function isKept({ metadata }: Manifest): boolean {
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
