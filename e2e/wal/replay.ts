import { type ExposedSample, sumOf } from "../clients/exposition.ts";
import type { Snapshot } from "./snapshot.ts";

const duration = "prometheus_tsdb_data_replay_duration_seconds";

/**
 * `replayed` when Prometheus' metrics show that it has completed the replay of its WAL; otherwise what is missing.
 * `Head.Init` in Prometheus' tsdb/head.go sets the metric right before it logs "WAL replay completed", at any log level.
 */
export function describeReplay(metrics: readonly ExposedSample[]): string {
	return sumOf(metrics, duration) > 0
		? "replayed"
		: `it counts no time for the replay in ${duration}`;
}

/** A sentence for each kind of corruption that Prometheus has counted since it started. */
export function findCorruptions({
	metrics,
	corruptionCount,
}: Pick<Snapshot, "metrics" | "corruptionCount">): string[] {
	const counters = metrics.filter(({ name }) =>
		/^prometheus_tsdb_.*corruption/.test(name),
	);
	if (counters.length === 0) return ["Prometheus has no counter of corruption"];
	return [
		...counters
			.filter(({ value }) => value > 0)
			.map(({ name, value }) => `${name} is ${value}`),
		...(corruptionCount > 0
			? [`the runtime information counts ${corruptionCount} corruptions`]
			: []),
	];
}
