import { describe, expect, test } from "vitest";
import {
	describeUntimed,
	findWrongTimings,
	whyRefused,
} from "./target-timing.ts";

const pool = "serviceMonitor/n/m/0";

function makeTarget(scrapeInterval?: string, scrapeTimeout?: string) {
	return {
		labels: { job: "j", instance: "10.0.0.1:80" },
		scrapePool: pool,
		scrapeInterval,
		scrapeTimeout,
	};
}

function makeConfigs(interval: string, ...relabel_configs: object[]) {
	return [{ job_name: pool, scrape_interval: interval, relabel_configs }];
}

describe("a target's own interval", () => {
	test.each(["1m", "60s"])("is as promised: %s", (interval) => {
		expect(
			findWrongTimings([makeTarget(interval, "10s")], makeConfigs("1m"), 60e3),
		).toEqual([]);
	});

	test("is reported with the relabelling that has set it", () => {
		const relabelling = {
			target_label: "__scrape_interval__",
			replacement: "2m",
		};
		expect(
			findWrongTimings(
				[makeTarget("2m", "10s")],
				makeConfigs("1m", relabelling),
				60e3,
			),
		).toEqual([
			"the target of job j, instance 10.0.0.1:80 has an interval of 2m instead of 1m, because relabelling sets __scrape_interval__ to 2m (pool serviceMonitor/n/m/0, which is configured with 1m)",
		]);
	});

	test("is reported with its pool's, where it has that one", () => {
		expect(
			findWrongTimings([makeTarget("30s", "10s")], makeConfigs("30s"), 60e3),
		).toEqual([
			"the target of job j, instance 10.0.0.1:80 has an interval of 30s instead of 1m (pool serviceMonitor/n/m/0, which is configured with 30s)",
		]);
	});

	test("is compared with its pool's if nothing else is wanted", () => {
		const configs = makeConfigs("30s");
		expect(findWrongTimings([makeTarget("30s", "10s")], configs)).toEqual([]);
		expect(findWrongTimings([makeTarget("1m", "10s")], configs)[0]).toMatch(
			"an interval of 1m instead of 30s (",
		);
	});
});

test("a time-out may be as long as the interval, and no longer", () => {
	const configs = makeConfigs("1m");
	expect(findWrongTimings([makeTarget("1m", "60s")], configs, 60e3)).toEqual(
		[],
	);
	expect(findWrongTimings([makeTarget("1m", "90s")], configs, 60e3)[0]).toMatch(
		"has a time-out of 90s, longer than its interval of 1m",
	);
});

test("targets without timing pass, and are counted", () => {
	const active = [makeTarget(), makeTarget("1m", "10s")];
	expect(findWrongTimings(active, makeConfigs("1m"), 60e3)).toEqual([]);
	expect(describeUntimed(active)).toMatch("for 1 of 2 targets");
	expect(describeUntimed(active.slice(1))).toBeUndefined();
});

test("a pool whose relabelling sets a time-out may have had its targets refused", () => {
	const relabelling = { target_label: "__scrape_timeout__", replacement: "2m" };
	expect(whyRefused(pool, makeConfigs("1m", relabelling))).toBe(
		"its relabelling sets __scrape_timeout__ to 2m, its interval is 1m, and Prometheus refuses targets whose time-out is longer than their interval",
	);
	expect(
		whyRefused(pool, makeConfigs("1m", { target_label: "node" })),
	).toBeUndefined();
	expect(whyRefused("another", makeConfigs("1m"))).toBeUndefined();
});
