import type { RangeSeries } from "../clients/prometheus-schemas.ts";
import { formatMoment } from "../common/time-range.ts";

/** What was scraped before and is not there afterwards, series by series, in the order of `before`. */
export function subtractSamples(
	before: readonly RangeSeries[],
	after: readonly RangeSeries[],
): RangeSeries[] {
	const stored = new Map(
		after.map(({ metric, values }) => [
			keyOf(metric),
			new Set(values.map(({ timestamp }) => timestamp)),
		]),
	);
	return before.map(({ metric, values }) => {
		const times = stored.get(keyOf(metric));
		return {
			metric,
			values: values.filter(({ timestamp }) => !times?.has(timestamp)),
		};
	});
}

/** A sentence for each target whose `up` lost samples that it had before, or one if none had any. */
export function findLostScrapes(
	before: readonly RangeSeries[],
	after: readonly RangeSeries[],
): string[] {
	if (before.every(({ values }) => values.length === 0))
		return ["no target had a sample of up before: there is nothing to compare"];
	return subtractSamples(before, after).flatMap(
		({ metric, values: lost }, i) =>
			lost.length === 0
				? []
				: [
						`up of ${metric.job} ${metric.instance} lost ${lost.length} of ${before[i]?.values.length} samples, the last at ${formatMoment(lost.at(-1)?.timestamp ?? 0)}`,
					],
	);
}

function keyOf(metric: Readonly<Record<string, string>>): string {
	return JSON.stringify(
		Object.entries(metric).sort(([a], [b]) => (a < b ? -1 : 1)),
	);
}
