import { expect, test } from "vitest";
import type { ExposedSample } from "../../clients/exposition.ts";
import { listWaitingPools } from "./discovered-targets.ts";

const synced = (scrape_job: string, value = 1): ExposedSample => ({
	name: "prometheus_target_scrape_pool_sync_total",
	labels: { scrape_job },
	value,
});
const failed = (value: number): ExposedSample => ({
	name: "prometheus_target_scrape_pools_failed_total",
	labels: {},
	value,
});

test.each([
	["all have theirs", [synced("a"), synced("b")], []],
	["none has yet", [], ["a", "b"]],
	["one has not yet", [synced("a"), synced("b", 0)], ["b"]],
	["one cannot be made", [synced("a"), failed(1)], []],
	["of two that wait, one cannot be made", [failed(1)], ["a", "b"]],
])("%s", (_, metrics, waiting) => {
	expect(listWaitingPools(["a", "b"], metrics)).toEqual(waiting);
});
