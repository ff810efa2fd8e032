import { expect, test } from "vitest";
import { whyLookbackTooShort } from "./lookback.ts";

test("a query must look back as far as the last scrape", () => {
	const judge = (flags: Readonly<Record<string, string>>) =>
		whyLookbackTooShort(flags, 60_000);
	expect(judge({ "query.lookback-delta": "50s" })).toBe(
		"a query takes no sample that is older than 50s (query.lookbackDelta), but targets are scraped every 1m: in between, graphs have gaps, and rules find nothing",
	);
	expect(judge({ "query.lookback-delta": "5m" })).toBeUndefined();
	expect(judge({})).toBeUndefined();
});
