import { describe, expect, test } from "vitest";
import type { ActiveTarget } from "../clients/prometheus-schemas.ts";
import type { SamplePod } from "./sample-pods.ts";
import { whyNotComplete, whyNotDropped, whyNotScraped } from "./sightings.ts";

const pod: SamplePod = {
	namespace: "n",
	name: "p",
	sample: "s",
	portName: "metrics",
	value: 1,
};
const discoveredLabels = {
	__meta_kubernetes_namespace: "n",
	__meta_kubernetes_pod_name: "p",
};
const pools = ["podMonitor/m/o11y-apps/0", "podMonitor/m/o11y-apps/1"];
const dropped = pools.map((scrapePool) => ({ scrapePool, discoveredLabels }));

function makeTarget(
	scrapePool: string,
	health: ActiveTarget["health"] = "up",
): ActiveTarget {
	return {
		discoveredLabels,
		labels: {},
		scrapePool,
		scrapeUrl: "http://p/metrics",
		lastError: health === "down" ? "connection refused" : "",
		lastScrape: "",
		health,
		scrapeInterval: "1m",
	};
}

describe("a pod that opted in", () => {
	test.each([
		["has no target", []],
		["has not been scraped yet", [makeTarget(pools[0] ?? "", "unknown")]],
		["connection refused", [makeTarget(pools[0] ?? "", "down")]],
		["has 2 targets", pools.map((pool) => makeTarget(pool))],
		[
			"is scraped by podMonitor/m/other/0",
			[makeTarget("podMonitor/m/other/0")],
		],
	])("%s", (reason, active) => {
		expect(whyNotScraped({ active }, pod)?.reason).toMatch(reason);
	});

	test("is scraped once, by o11y-apps", () => {
		const active = [makeTarget(pools[0] ?? "")];
		expect(whyNotScraped({ active }, pod)).toBeUndefined();
	});
});

describe("a pod that did not opt in", () => {
	test("is dropped by every pool of o11y-apps", () => {
		expect(whyNotDropped({ active: [], dropped, pools }, pod)).toBeUndefined();
	});

	test("is missing from a pool that has dropped others", () => {
		const other = {
			...discoveredLabels,
			__meta_kubernetes_pod_name: "another",
		};
		const [first] = dropped;
		if (!first) throw new Error("no pool");
		const last = { scrapePool: pools[1] ?? "", discoveredLabels: other };
		const targets = { active: [], dropped: [first, last], pools };
		expect(whyNotDropped(targets, pod)?.reason).toBe(
			"pod p is not among the dropped targets of podMonitor/m/o11y-apps/1",
		);
	});

	test("is not judged without the PodMonitor", () => {
		const targets = { active: [], dropped: [], pools: [] };
		expect(whyNotDropped(targets, pod)?.reason).toBe(
			"PodMonitor o11y-apps has no scrape pool",
		);
	});

	test("must not be scraped by any pool", () => {
		const active = [makeTarget("podMonitor/m/other/0")];
		expect(() => whyNotDropped({ active, dropped, pools }, pod)).toThrow(
			"did not opt in and has a target in podMonitor/m/other/0",
		);
	});
});

describe("a pod with series in bulk", () => {
	const full = { ...pod, bulk: 1000 };
	const makeCount = (value: number, container = "app") => ({
		metric: { namespace: "n", pod: "p", container },
		value: { timestamp: 0, value },
	});

	test("has all of them stored", () => {
		expect(whyNotComplete([makeCount(1000)], full)).toBeUndefined();
	});

	test("has some or none of them stored", () => {
		expect(whyNotComplete([makeCount(100)], full)?.reason).toBe(
			"of 1000 series of o11y_e2e_sample_bulk that pod p exposes, 100 are stored with its namespace, name and container",
		);
		expect(whyNotComplete([], full)?.reason).toMatch("0 are stored");
	});

	test("has them under other labels", () => {
		expect(whyNotComplete([makeCount(1000, "x")], full)?.reason).toMatch(
			'0 are stored with its namespace, name and container; 1000 have {"namespace":"n","pod":"p","container":"x"}',
		);
	});
});
