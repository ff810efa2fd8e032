import type { ExposedSample } from "../clients/exposition.ts";
import type { Pod } from "../clients/kube-objects.ts";
import type { RangeSeries } from "../clients/prometheus-schemas.ts";
import { type DataPlace, findPrometheusData } from "./data-volume.ts";
import type { PrometheusUnderTest } from "./under-test.ts";

/** What is known of Prometheus at one moment. */
export interface Snapshot {
	readonly pod: Pod;
	readonly place: DataPlace;
	/** How often its container was restarted in this pod. */
	readonly restarts: number;
	/** When its process started. */
	readonly startTime: string;
	/** Each target's `up`, sample by sample. */
	readonly scraped: readonly RangeSeries[];
	/** What it counts about itself. */
	readonly metrics: readonly ExposedSample[];
	readonly corruptionCount: number;
}

/** @param reach how far back to read scraped series; after a crash further than before, by the time in between */
export async function takeSnapshot(
	{ kube, prometheus, namespace }: PrometheusUnderTest,
	reach: "10m" | "30m",
): Promise<Snapshot> {
	const { pod, place } = await findPrometheusData(kube, prometheus, namespace);
	const { startTime, corruptionCount } = await prometheus.runtimeInfo();
	const scraped = await prometheus.rawSamples("up", reach);
	const metrics = await prometheus.metrics();
	return {
		pod,
		place,
		restarts: countRestarts(pod),
		startTime,
		corruptionCount,
		scraped,
		metrics,
	};
}

/** How often Prometheus' container was restarted in its pod. */
function countRestarts({ status }: Pod): number {
	const container = status.containerStatuses.find(
		({ name }) => name === "prometheus",
	);
	return container?.restartCount ?? 0;
}
