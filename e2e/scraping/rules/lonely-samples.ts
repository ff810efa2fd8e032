import type { PrometheusClient } from "../../clients/prometheus.ts";
import {
	formatDuration,
	isDuration,
	parseDuration,
} from "../../common/duration.ts";
import {
	needsTwoSamples,
	type Selector,
	selectorsIn,
	windowsIn,
} from "../../common/promql/expressions.ts";

/** What tells that a range has no room for two samples of a target. */
export interface Spacing {
	/** How often targets are scraped, in milliseconds. */
	readonly interval: number;
	/** Whether a metric has samples, and no series of it ever has two within a range such as `1m`. */
	readonly isLonely: (metric: string, range: string) => Promise<boolean>;
}

/** Looks at what a Prometheus has stored in the last three minutes. */
export function lonelyIn(
	prometheus: Pick<PrometheusClient, "query">,
): Spacing["isLonely"] {
	return async (metric, range) => {
		const [most] = await prometheus.query(
			`max(max_over_time(count_over_time(${metric}[${range}])[3m:10s]))`,
		);
		return most?.value.value === 1;
	};
}

/**
 * Why an expression never gets what it reads by a selector: each time by a function such as `rate`, over a range that is
 * not longer than a scrape interval. A clause; undefined if it gets it, at least now and then.
 */
export async function whyNoTwoSamples(
	expression: string,
	{ metric, text }: Selector,
	{ interval, isLonely }: Spacing,
): Promise<string | undefined> {
	// What a rule records has the interval of its group.
	if (!metric || metric.includes(":")) return undefined;
	const isThis = (selector: Selector) => selector.text === text;
	const uses = selectorsIn(expression).filter(isThis).length;
	const narrow = windowsIn(expression).filter(
		({ selector, window, by }) =>
			isThis(selector) &&
			needsTwoSamples(by) &&
			// Newer versions of Prometheus also take numbers and sums.
			isDuration(window) &&
			parseDuration(window) <= interval,
	);
	if (narrow.length < uses) return undefined;
	// There may be no series yet of what an alert is about, such as an error.
	for (const { window } of narrow)
		if (!(await isLonely(metric, window))) return undefined;
	const each = narrow.map(({ by, window }) => `${by} over ${window}`);
	return `${[...new Set(each)].join(" and ")} of ${text} needs two samples, and its targets are scraped every ${formatDuration(interval)}`;
}
