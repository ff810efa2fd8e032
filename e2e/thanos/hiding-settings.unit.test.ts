import { expect, test } from "vitest";
import { findShortTime } from "./hiding-settings.ts";

test("a query over months has time", () => {
	expect(findShortTime("Prometheus", "1s")).toEqual([
		"Prometheus ends each query after 1s (--query.timeout): one over months may take longer, so give it 10s or more",
	]);
	for (const healthy of [undefined, "10s", "2m", "1m30s"])
		expect(findShortTime("Prometheus", healthy)).toEqual([]);
});
