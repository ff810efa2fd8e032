import { parseQuantity } from "../../common/sizes.ts";

/** What a volume claim asks for, as it is written. */
export interface WrittenStorage {
	readonly size: string | undefined;
	readonly storageClass: string | undefined;
}

const promise = '"Storage: 8 GB PVC on Longhorn"';

/**
 * A sentence for each way in which Prometheus' storage is not what the homelab says. The operator neither shrinks nor
 * moves a volume claim, so that what the Prometheus object asks for shows only with the next volume.
 *
 * @param template of the Prometheus object; undefined if it has none
 * @param inUse the volume claim that Prometheus writes to
 */
export function findStorageFlaws(
	template: WrittenStorage | undefined,
	inUse: WrittenStorage,
): string[] {
	return [
		...explain("Prometheus' volume claim", {
			size: inUse.size ?? "0",
			storageClass: inUse.storageClass ?? "none",
		}),
		...(template
			? explain(
					"the volumeClaimTemplate of the Prometheus object, which the next volume is made from,",
					template,
				)
			: []),
	];
}

/** What is not given is the cluster's default, which the volume claim in use shows. */
function explain(
	what: string,
	{ size, storageClass = "longhorn" }: WrittenStorage,
): string[] {
	return [
		...(size !== undefined && parseQuantity(size) < 8e9
			? [`${promise}: ${what} asks for ${size}`]
			: []),
		...(storageClass === "longhorn"
			? []
			: [
					`${promise}: ${what} asks for StorageClass ${storageClass}, not longhorn`,
				]),
	];
}

/** How a Prometheus object asks for another size than its volume claim in use; undefined if it does not. */
export function describeOlderVolumeClaim(
	template: WrittenStorage | undefined,
	inUse: WrittenStorage,
): string | undefined {
	const wanted = template?.size;
	return wanted !== undefined &&
		parseQuantity(wanted) !== parseQuantity(inUse.size ?? "0")
		? `the Prometheus object asks for ${wanted}, its volume claim still for ${inUse.size}: the operator does not change a volume claim`
		: undefined;
}
