import { type ExposedSample, sumOf } from "../clients/exposition.ts";
import type { Snapshot } from "./crash.ts";

const duration = "prometheus_tsdb_data_replay_duration_seconds";

/** `replayed` when Prometheus' log and its metric both tell of a WAL that was replayed; else what is missing. */
export function describeReplay(
	log: string,
	metrics: readonly ExposedSample[],
): string {
	if (!log.includes("WAL segment loaded"))
		return "its log tells of no WAL segment that was loaded";
	if (!log.includes("WAL replay completed"))
		return "its log does not tell that the WAL's replay was completed";
	return sumOf(metrics, duration) > 0
		? "replayed"
		: `it counts no time for the replay in ${duration}`;
}

/** A sentence for each kind of corruption that Prometheus has counted since it began. */
export function findCorruptions({
	metrics,
	corruptionCount,
}: Pick<Snapshot, "metrics" | "corruptionCount">): string[] {
	const counters = metrics.filter(({ name }) =>
		/^prometheus_tsdb_.*corruption/.test(name),
	);
	if (counters.length === 0)
		return ["Prometheus counts no kind of corruption at all"];
	return [
		...counters
			.filter(({ value }) => value > 0)
			.map(({ name, value }) => `${name} is ${value}`),
		...(corruptionCount > 0
			? [`the runtime information counts ${corruptionCount} corruptions`]
			: []),
	];
}
