import { expect, test } from "vitest";
import { findShortLookback, findShortThanosLookback } from "./lookback.ts";

test("a query must look back further than to the last scrape", () => {
	const judge = (flags: Readonly<Record<string, string>>) =>
		findShortLookback(flags, 60_000, "30s");
	expect(judge({ "query.lookback-delta": "50s" })).toEqual([
		"a query takes no sample that is older than 50s (query.lookbackDelta), but targets are scraped every 1m: in between, graphs have gaps, and rules find nothing",
	]);
	expect(judge({ "query.lookback-delta": "1m" })).toHaveLength(1);
	expect(judge({ "query.lookback-delta": "5m" })).toEqual([]);
	expect(judge({})).toEqual([]);
});

test("so it must to what rules recorded last", () => {
	const judge = (interval: string, lookback?: string) =>
		findShortLookback(
			lookback ? { "query.lookback-delta": lookback } : {},
			60_000,
			interval,
		);
	expect(judge("10m", "5m")).toEqual([
		"rules record a sample every 10m (evaluationInterval), and a query takes none that is older than 5m: in between, panels of what they record are empty, and alerts come late",
	]);
	expect(judge("1h")).toHaveLength(1);
	expect(judge("10m", "15m")).toEqual([]);
	for (const healthy of ["30s", "1m", "4m"]) expect(judge(healthy)).toEqual([]);
});

test("so must a query through Thanos", () => {
	expect(findShortThanosLookback("30s", 60_000)).toEqual([
		expect.stringContaining("(--query.lookback-delta of Thanos' query)"),
	]);
	for (const healthy of [undefined, "0s", "5m", "2m"])
		expect(findShortThanosLookback(healthy, 60_000)).toEqual([]);
});
