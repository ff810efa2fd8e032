import { expect, test } from "vitest";
import { freshnessOf } from "./fresh.ts";

const global = { scrape_interval: "1m" };

test("two scrapes at the longest interval and the longest evaluation are waited for", () => {
	const slow = { job_name: "slow", scrape_interval: "2m30s" };
	expect(freshnessOf({ global, scrape_configs: [] }, [])).toBe(120_000);
	expect(
		freshnessOf({ global, scrape_configs: [slow] }, [
			{ interval: 30 },
			{ interval: 180 },
		]),
	).toBe(480_000);
});
