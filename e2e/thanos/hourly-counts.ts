import type { RangeSeries } from "../clients/prometheus-schemas.ts";
import type { ThanosClient } from "../clients/thanos.ts";
import { makeSelector } from "../common/promql/expressions.ts";
import type { TimeRange } from "../common/time-range.ts";
import type { LedgerSeries } from "../ledger/writer.ts";

/** Milliseconds. */
export const hour = 3_600_000;

/** How many samples of a ledger there are in each hour, by one query of the whole time. */
export function queryHourlyCounts(
	thanos: ThanosClient,
	{ name, labels }: LedgerSeries,
	external: Readonly<Record<string, string>>,
	{ minTime, maxTime: to }: TimeRange,
): Promise<RangeSeries[]> {
	const steps = Math.ceil((to - minTime) / hour);
	const selector = makeSelector(name, { ...labels, ...external });
	return thanos.queryRange(`sum(count_over_time(${selector}[1h]))`, {
		from: to - steps * hour,
		to,
		step: hour,
	});
}
