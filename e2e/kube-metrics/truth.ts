import { isEqual } from "es-toolkit";
import type { InstantSeries, RangeSeries } from "../clients/prometheus.ts";

/** What is known of an object, beside what its series say. */
export type Facts = Readonly<Record<string, number | string>>;

/** Series as facts: each value by the values of these labels, joined by a slash. */
export function readFacts(
	series: readonly InstantSeries[],
	...labels: readonly string[]
): Facts {
	return Object.fromEntries(
		series.map(({ metric, value }) => [
			labels.map((label) => metric[label] ?? "").join("/"),
			value.value,
		]),
	);
}

/** `true` where series say what is so, else both. */
export function describeTruth(said: Facts, truth: Facts): true | string {
	return (
		isEqual(said, truth) ||
		`it says ${JSON.stringify(said)}, and so it is: ${JSON.stringify(truth)}`
	);
}

/** The newest samples of series that are younger than a moment in milliseconds: what was scraped before proves nothing. */
export function takeNewerThan(
	series: readonly RangeSeries[],
	moment: number,
): InstantSeries[] {
	return series.flatMap(({ metric, values }) => {
		const value = values.findLast(({ timestamp }) => timestamp > moment);
		return value ? [{ metric, value }] : [];
	});
}
