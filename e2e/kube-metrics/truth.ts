import { isEqual, pickBy } from "es-toolkit";
import type {
	InstantSeries,
	RangeSeries,
} from "../clients/prometheus-schemas.ts";
import { eventually, type NotYet, notYet } from "../common/eventually.ts";

/** Values by the labels that identify their objects: as series have them, or as the cluster has them. */
export type Facts = Readonly<Record<string, number | string>>;

/** What series say, and what is so. */
export interface ReadFacts {
	readonly measured: Facts;
	readonly truth: Facts;
}

/** Which series facts are read from. */
export interface FactSeries {
	/** The labels whose values, joined by slashes, name a fact. */
	readonly by: readonly string[];
	/** The labels that all of them have, such as `__name__`. */
	readonly all: Readonly<Record<string, string>>;
}

/** Series as facts: each value by the values of these labels. */
export function readFacts(
	series: readonly InstantSeries[],
	{ by }: Pick<FactSeries, "by">,
): Facts {
	return Object.fromEntries(
		series.map(({ metric, value }) => [
			by.map((label) => metric[label] ?? "").join("/"),
			value.value,
		]),
	);
}

/** The labels of the series that a fact would have been read from. */
export function factLabels(
	fact: string,
	{ by, all }: FactSeries,
): Readonly<Record<string, string>> {
	const values = fact.split("/");
	return {
		...all,
		...Object.fromEntries(by.map((label, i) => [label, values[i] ?? ""])),
	};
}

/**
 * What differs, on both sides; undefined if the series agree with the truth.
 *
 * @param explain why these facts may be missing, as clauses
 */
export function whyUntrue(
	measured: Facts,
	truth: Facts,
	explain: (missing: readonly string[]) => readonly string[] = () => [],
): NotYet | undefined {
	if (Object.keys(truth).length === 0)
		return notYet(
			"there is nothing that the series could tell the truth about",
		);
	if (isEqual(measured, truth)) return undefined;
	const differing = (one: Facts, other: Facts) =>
		pickBy(one, (value, of) => value !== other[of]);
	const missing = differing(truth, measured);
	return notYet(
		[
			`the series say ${JSON.stringify(differing(measured, truth))}, the truth is ${JSON.stringify(missing)}`,
			...explain(Object.keys(missing)),
		].join("; "),
	);
}

/**
 * Waits until series agree with the truth. Both are read each time, because the truth may change.
 *
 * @param explain why these facts may be missing, as clauses
 */
export async function waitForTruth(
	what: string,
	budget: number,
	read: () => Promise<ReadFacts>,
	explain?: (missing: readonly string[]) => readonly string[],
): Promise<void> {
	await eventually(what, budget, async () => {
		const { measured, truth } = await read();
		return whyUntrue(measured, truth, explain);
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
