import { formatDuration, parseDuration } from "../common/duration.ts";

/**
 * Why a query may find no sample of a target that is scraped as promised, as a sentence; none if it always finds one. A
 * sample is only there a moment after its time, when the one before is older than the interval.
 *
 * @param flags those of Prometheus
 * @param interval how often targets are scraped, in milliseconds
 */
export function findShortLookback(
	flags: Readonly<Record<string, string>>,
	interval: number,
): string[] {
	const lookback = flags["query.lookback-delta"];
	return lookback !== undefined && parseDuration(lookback) <= interval
		? [
				`a query takes no sample that is older than ${lookback} (query.lookbackDelta), but targets are scraped every ${formatDuration(interval)}: in between, graphs have gaps, and rules find nothing`,
			]
		: [];
}
