import { expect, test } from "vitest";
import { findLateTargets } from "./late-targets.ts";

test("a target is waited for, unless its own interval is longer than the wait", () => {
	const at = (seconds: number, scrapeInterval?: string) => ({
		lastScrape: new Date(seconds * 1000).toISOString(),
		...(scrapeInterval && { scrapeInterval }),
	});
	const late = [at(99, "1m"), at(99), at(99, "2m")];
	const active = [at(100, "1m"), ...late, at(99, "10m"), at(0, "1h")];
	expect(findLateTargets(active, 100_000, 150_000)).toEqual(late);
});
