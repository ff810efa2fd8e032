import { isEqual, pickBy } from "es-toolkit";
import type {
	InstantSeries,
	RangeSeries,
} from "../clients/prometheus-schemas.ts";
import { eventually, type NotYet, notYet } from "../common/eventually.ts";

/** Values by the labels that identify their objects: as series have them, or as the cluster has them. */
export type Facts = Readonly<Record<string, number | string>>;

/** Series as facts: each value by the values of these labels, joined by slashes. */
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

/** What differs, on both sides; undefined if the series agree with the truth. @param cause why they may not, as a clause */
export function whyUntrue(
	measured: Facts,
	truth: Facts,
	cause?: string,
): NotYet | undefined {
	if (Object.keys(truth).length === 0)
		return notYet(
			"there is nothing that the series could tell the truth about",
		);
	if (isEqual(measured, truth)) return undefined;
	const differing = (one: Facts, other: Facts) =>
		JSON.stringify(pickBy(one, (value, of) => value !== other[of]));
	return notYet(
		`the series say ${differing(measured, truth)}, the truth is ${differing(truth, measured)}${cause ? `; ${cause}` : ""}`,
	);
}

/**
 * Waits until series agree with the truth. Both are read each time, because the truth may change.
 *
 * @param cause why they may not agree, as a clause
 */
export async function waitForTruth(
	what: string,
	budget: number,
	read: () => Promise<{ readonly measured: Facts; readonly truth: Facts }>,
	cause?: string,
): Promise<void> {
	await eventually(what, budget, async () => {
		const { measured, truth } = await read();
		return whyUntrue(measured, truth, cause);
	});
}

/**
 * The newest sample of each series, if it is newer than a moment in milliseconds: what was scraped before a change
 * proves nothing about it.
 */
export function takeNewerThan(
	series: readonly RangeSeries[],
	moment: number,
): InstantSeries[] {
	return series.flatMap(({ metric, values }) => {
		const value = values.findLast(({ timestamp }) => timestamp > moment);
		return value ? [{ metric, value }] : [];
	});
}
