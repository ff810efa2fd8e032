import { expect, test } from "vitest";
import type { ActiveTarget } from "../clients/prometheus-schemas.ts";
import { comparePools as compareAll, lacksTarget } from "./compare-pools.ts";
import type { ExpectedJob, ExpectedPool } from "./expected-pools.ts";

type Compared = Parameters<typeof compareAll>;

function comparePools(
	pools: readonly ExpectedPool[],
	...more: [Compared[1], Compared[2], Compared[3]?]
) {
	return compareAll({ pools, others: [] }, ...more);
}

const metadata = { namespace: "n", name: "m", labels: {} };

function makePool(addresses: string[], mustFind = true): ExpectedPool {
	return {
		name: "serviceMonitor/n/m/0",
		definedBy: { kind: "ServiceMonitor", metadata },
		addresses,
		source: "ServiceMonitor n/m selects no service, port web",
		mustFind,
		leavesOut: false,
	};
}

function makeTarget(
	address: string,
	health: ActiveTarget["health"] = "up",
	lastError = "",
): ActiveTarget {
	return {
		discoveredLabels: { __address__: address },
		labels: {},
		scrapePool: "serviceMonitor/n/m/0",
		scrapeUrl: `http://${address}/metrics`,
		lastError,
		lastScrape: "",
		health,
		scrapeInterval: "1m",
	};
}

const loaded = ["serviceMonitor/n/m/0"];

test("nothing is reported if all targets are there and up", () => {
	const active = [makeTarget("b:1"), makeTarget("a:1")];
	expect(comparePools([makePool(["a:1", "b:1"])], loaded, active)).toEqual([]);
});

test("a target that is down is reported with Prometheus' own error", () => {
	const active = [makeTarget("a:1", "down", "connection refused")];
	expect(comparePools([makePool(["a:1"])], loaded, active)).toEqual([
		"pool serviceMonitor/n/m/0: http://a:1/metrics is down: connection refused",
	]);
});

test("a missing target and an unexpected one are reported", () => {
	const active = [makeTarget("a:1"), makeTarget("c:1")];
	expect(comparePools([makePool(["a:1", "b:1"])], loaded, active)).toEqual([
		"pool serviceMonitor/n/m/0 does not have target b:1",
		"pool serviceMonitor/n/m/0 should not have target http://c:1/metrics",
	]);
});

test("a missing target is reported with the cause that its pool has", () => {
	expect(
		comparePools([makePool(["a:1"])], loaded, [], {
			whyNotLoaded: () => undefined,
			whyRefused: () => "a cause",
			isDropped: () => false,
			isInCluster: () => true,
		}),
	).toEqual(["pool serviceMonitor/n/m/0 does not have target a:1: a cause"]);
});

test("an address that two services share is wanted twice", () => {
	expect(
		comparePools([makePool(["a:1", "a:1"])], loaded, [makeTarget("a:1")]),
	).toEqual(["pool serviceMonitor/n/m/0 does not have target a:1"]);
});

test("a pool that finds nothing is reported only if it must find something", () => {
	expect(comparePools([makePool([])], loaded, [])).toEqual([
		"pool serviceMonitor/n/m/0 finds nothing: ServiceMonitor n/m selects no service, port web",
	]);
	expect(comparePools([makePool([], false)], loaded, [])).toEqual([]);
});

test("a Prometheus that has nothing to scrape is reported", () => {
	expect(comparePools([], [], [])).toEqual([
		"Prometheus has no scrape configuration, and no monitor defines a scrape pool",
	]);
});

test("missing and unexpected pools are reported", () => {
	const extra = ["podMonitor/n/gone/0"];
	expect(comparePools([makePool(["a:1"])], extra, [])).toEqual([
		"pool podMonitor/n/gone/0 should not exist: no monitor defines it",
		"pool serviceMonitor/n/m/0 is missing from Prometheus' configuration",
	]);
});

test("a ScrapeConfig or Probe that is not loaded is reported with its cause", () => {
	const job: ExpectedJob = {
		name: "scrapeConfig/n/m",
		definedBy: { kind: "ScrapeConfig", metadata },
	};
	const missing = {
		whyNotLoaded: ({ definedBy: { kind } }: ExpectedJob) =>
			`no ${kind} is selected`,
		whyRefused: () => undefined,
		isDropped: () => false,
		isInCluster: () => true,
	};
	const expected = { pools: [], others: [job] };
	expect(compareAll(expected, loaded.slice(1), [], missing)).toContain(
		"pool scrapeConfig/n/m is missing from Prometheus' configuration: no ScrapeConfig is selected",
	);
	expect(compareAll(expected, [job.name], [], missing)).toEqual([]);
});

test("a target that a monitor's relabelling leaves out is not missing, unless none is left", () => {
	const pool = { ...makePool(["a:1", "b:1"]), leavesOut: true };
	const missing = {
		whyNotLoaded: () => undefined,
		whyRefused: () => undefined,
		isDropped: (_: string, address: string) => address === "b:1",
		isInCluster: () => true,
	};
	const compare = (...active: ActiveTarget[]) =>
		comparePools([pool], loaded, active, missing);
	expect(compare(makeTarget("a:1"))).toEqual([]);
	expect(compare(makeTarget("b:1"))).toHaveLength(1);
	expect(compare()).toHaveLength(2);
});

test("jobs that no monitor defines only need targets that are up", () => {
	const others = ["scrapeConfig/n/s", "probe/n/p", "by-hand"];
	const active = [
		{ ...makeTarget("a:1"), scrapePool: "by-hand" },
		{
			...makeTarget("b.n.svc:1", "down", "refused"),
			scrapePool: "probe/n/p",
		},
	];
	expect(comparePools([], others, active)).toEqual([
		"pool probe/n/p: http://b.n.svc:1/metrics is down: refused",
	]);
});

test("a pool lacks a target that it does not have as often as it should", () => {
	const pool = makePool(["a:1", "a:1", "b:1"]);
	const all = [makeTarget("a:1"), makeTarget("b:1"), makeTarget("a:1")];
	expect(lacksTarget(pool, all)).toBe(false);
	expect(lacksTarget(pool, all.slice(1))).toBe(true);
	const elsewhere = all.map((each) => ({ ...each, scrapePool: "other" }));
	expect(lacksTarget(pool, elsewhere)).toBe(true);
});

test("why a pool may lack a target is only looked for if it does", () => {
	const asked: string[] = [];
	const missing = {
		whyNotLoaded: () => undefined,
		whyRefused: (pool: string) => {
			asked.push(pool);
			return "its time-out is too long";
		},
		isDropped: () => false,
		isInCluster: () => true,
	};
	const pools = [makePool(["a:1"])];
	expect(comparePools(pools, loaded, [makeTarget("a:1")], missing)).toEqual([]);
	expect(asked).toEqual([]);
	expect(comparePools(pools, loaded, [], missing)).toEqual([
		"pool serviceMonitor/n/m/0 does not have target a:1: its time-out is too long",
	]);
});
