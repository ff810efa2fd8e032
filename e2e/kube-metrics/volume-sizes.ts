import type { PrometheusClient } from "../clients/prometheus.ts";
import { makeSelector } from "../common/promql.ts";
import { type Facts, readFacts, takeNewerThan } from "./truth.ts";

/** A volume claim, by its namespace and name. */
interface NamedVolumeClaim {
	readonly namespace: string;
	readonly name: string;
}

/** The bytes that volume claims ask for, by their names, of samples since a moment in milliseconds. */
export async function readRequestedSizes(
	prometheus: PrometheusClient,
	since: number,
	volumeClaims: readonly NamedVolumeClaim[],
): Promise<Facts> {
	const label = "persistentvolumeclaim";
	const all = await Promise.all(
		volumeClaims.map(({ namespace, name }) =>
			readSize(prometheus, since, label, {
				metric: "kube_persistentvolumeclaim_resource_requests_storage_bytes",
				labels: { namespace, [label]: name },
			}),
		),
	);
	return Object.assign({}, ...all);
}

/** The bytes that a volume has, by its name. */
export function readVolumeSize(
	prometheus: PrometheusClient,
	since: number,
	volume: string,
): Promise<Facts> {
	return readSize(prometheus, since, "persistentvolume", {
		metric: "kube_persistentvolume_capacity_bytes",
		labels: { persistentvolume: volume },
	});
}

async function readSize(
	prometheus: PrometheusClient,
	since: number,
	by: string,
	{ metric, labels }: { metric: string; labels: Record<string, string> },
): Promise<Facts> {
	const selector = makeSelector(metric, labels);
	const samples = await prometheus.rawSamples(selector, "2m");
	return readFacts(takeNewerThan(samples, since), by);
}
