import type { InstantSeries } from "../../clients/prometheus-schemas.ts";
import type { Facts, ReadFacts } from "../truth.ts";

/** A volume claim of the cluster. */
export interface ClaimedVolume {
	readonly namespace: string;
	readonly name: string;
	/** Bytes that it asks for. */
	readonly requested: number;
	/** The volume that it is bound to, with its bytes. */
	readonly volume?: { readonly name: string; readonly bytes: number };
	/** Whether a running pod mounts it. */
	readonly isMounted: boolean;
}

/** What can say how large volume claims are, by the names of the metrics. */
export const capacityMetrics = {
	requests: "kube_persistentvolumeclaim_resource_requests_storage_bytes",
	/** By volume; the next one says whose volume it is. */
	volumes: "kube_persistentvolume_capacity_bytes",
	bindings: "kube_persistentvolumeclaim_info",
	/** The kubelet's. */
	fileSystems: "kubelet_volume_stats_capacity_bytes",
} as const;
export type CapacitySeries = Readonly<
	Record<keyof typeof capacityMetrics, readonly InstantSeries[]>
>;

/**
 * Compares capacities, in bytes by `<namespace>/<volume claim>`, as one source says them: what the volume claims ask for, else what their volumes have, else the
 * sizes of their file systems. A person may leave out one of them and read another; a source that says anything must
 * say it of every volume claim.
 */
export function compareCapacities(
	series: CapacitySeries,
	volumeClaims: readonly ClaimedVolume[],
): ReadFacts {
	const bound = volumeClaims.flatMap((each) =>
		each.volume ? [{ ...each, bytes: each.volume.bytes }] : [],
	);
	if (series.requests.length === 0) {
		const measured = readVolumes(series);
		if (Object.keys(measured).length > 0)
			return { measured, truth: factsOf(bound, ({ bytes }) => bytes) };
		if (series.fileSystems.length > 0) {
			const mounted = bound.filter(({ isMounted }) => isMounted);
			const truth = factsOf(mounted, ({ bytes }) => bytes);
			return { measured: readFileSystems(series, truth), truth };
		}
	}
	return {
		measured: Object.fromEntries(
			series.requests.map(({ metric, value }) => [keyOf(metric), value.value]),
		),
		truth: factsOf(volumeClaims, ({ requested }) => requested),
	};
}

function readVolumes({ volumes, bindings }: CapacitySeries): Facts {
	const bytesOf = new Map(
		volumes.map(({ metric, value }) => [metric.persistentvolume, value.value]),
	);
	return Object.fromEntries(
		bindings.flatMap(({ metric }) => {
			const bytes = bytesOf.get(metric.volumename);
			return bytes === undefined ? [] : [[keyOf(metric), bytes]];
		}),
	);
}

/** A file system uses less than a tenth of its volume for itself: such a size says the volume's. */
function readFileSystems({ fileSystems }: CapacitySeries, truth: Facts): Facts {
	return Object.fromEntries(
		fileSystems.map(({ metric, value: { value } }) => {
			const whole = Number(truth[keyOf(metric)]);
			const isClose = value <= whole && value > 0.9 * whole;
			return [keyOf(metric), isClose ? whole : value];
		}),
	);
}

function factsOf<T extends Pick<ClaimedVolume, "namespace" | "name">>(
	volumeClaims: readonly T[],
	read: (each: T) => number,
): Facts {
	return Object.fromEntries(
		volumeClaims.map((each) => [`${each.namespace}/${each.name}`, read(each)]),
	);
}

function keyOf({
	namespace,
	persistentvolumeclaim,
}: InstantSeries["metric"]): string {
	return `${namespace}/${persistentvolumeclaim}`;
}
