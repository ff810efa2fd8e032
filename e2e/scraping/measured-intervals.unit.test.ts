import { expect, test } from "vitest";
import { parseExposition } from "../clients/exposition.ts";
import { readMeasuredIntervals, takeCurrent } from "./measured-intervals.ts";

test("each configured interval has its measurements", () => {
	const samples = parseExposition(`
prometheus_target_interval_length_seconds{interval="1m0s",quantile="0.01"} 59.9
prometheus_target_interval_length_seconds{interval="1m0s",quantile="0.5"} 60.001
prometheus_target_interval_length_seconds_sum{interval="1m0s"} 1200
prometheus_target_interval_length_seconds_count{interval="1m0s"} 20
prometheus_target_interval_length_seconds{interval="10s",quantile="0.5"} NaN
prometheus_target_interval_length_seconds_count{interval="10s"} 1
up 1`);
	expect(readMeasuredIntervals(samples)).toEqual([
		{ configured: "1m0s", count: 20, median: 60.001 },
		{ configured: "10s", count: 1, median: Number.NaN },
	]);
	expect(readMeasuredIntervals([])).toEqual([]);
});

test("an interval that no target has any more does not count", () => {
	const now = { configured: "1m0s", count: 20, median: 60 };
	const before = { configured: "10s", count: 9, median: 10 };
	expect(takeCurrent([now, before], [{ scrapeInterval: "1m" }])).toEqual([now]);
	expect(takeCurrent([now, before], [{ scrapeInterval: undefined }])).toEqual([
		now,
		before,
	]);
});
