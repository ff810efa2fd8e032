import { expect, test } from "vitest";
import type { ExposedSample } from "../../clients/exposition.ts";
import { whyUndiscovered } from "./discovered-targets.ts";

const sample = (name: string, value: number): ExposedSample => ({
	name,
	labels: {},
	value,
});
const synced = (scrape_job: string, value = 1): ExposedSample => ({
	...sample("prometheus_target_scrape_pool_sync_total", value),
	labels: { scrape_job },
});
const failed = sample("prometheus_target_scrape_pools_failed_total", 7);
/** Seconds. */
const reloaded = (at: number) =>
	sample("prometheus_config_last_reload_success_timestamp_seconds", at);
const now = 1000;

const both = [synced("a"), synced("b")];
const bothWait = "these pools wait: a, b";
const before = "its pools may have the targets of before its last reload";

test.each([
	["all have theirs", [...both, reloaded(now - 60)], undefined],
	["none has yet", [reloaded(now - 60)], bothWait],
	[
		"one has not yet",
		[synced("a"), synced("b", 0), reloaded(now - 60)],
		"these pools wait: b",
	],
	["some cannot be made", [synced("a"), failed, reloaded(now - 11)], undefined],
	["it has just tried to make some", [failed, reloaded(now - 9)], bothWait],
	[
		"it has just loaded another configuration",
		[...both, reloaded(now - 9)],
		before,
	],
	["all that it took over", [...both, reloaded(now - 10)], undefined],
])("%s", (_, metrics, why) => {
	const start = sample("process_start_time_seconds", 900);
	expect(whyUndiscovered(["a", "b"], [...metrics, start], now * 1000)).toBe(
		why,
	);
});

test("a process that has just started had no targets before", () => {
	const start = sample("process_start_time_seconds", now - 2);
	const metrics = [...both, reloaded(now - 1), start];
	expect(whyUndiscovered(["a", "b"], metrics, now * 1000)).toBeUndefined();
});
