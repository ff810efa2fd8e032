import type { RangeSeries } from "../../clients/prometheus-schemas.ts";
import type { Stack } from "./state.ts";

/** What was scraped before a moment, and how much of it blocks held then. */
export interface Scraped {
	readonly all: readonly RangeSeries[];
	readonly inBlocks: readonly RangeSeries[];
}

/** How far back scraped samples are compared. */
const reachBefore = "10m";

/** Reads what was scraped before a moment, in milliseconds. */
export async function readScraped(
	{ prometheus }: Stack,
	moment: number,
): Promise<Scraped> {
	const { headStats } = await prometheus.tsdbStatus();
	const all = await prometheus.rawSamples("up", reachBefore, moment);
	return {
		all,
		inBlocks: all.map(({ metric, values }) => ({
			metric,
			values: values.filter(({ timestamp }) => timestamp < headStats.minTime),
		})),
	};
}

export function notInBlocks(
	all: readonly RangeSeries[],
	inBlocks: readonly RangeSeries[],
): RangeSeries[] {
	return all.map(({ metric, values }, i) => ({
		metric,
		values: values.slice(inBlocks[i]?.values.length ?? 0),
	}));
}

export function countOf(series: readonly RangeSeries[]): number {
	return series.reduce((total, { values }) => total + values.length, 0);
}
