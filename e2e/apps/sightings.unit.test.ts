import { describe, expect, test } from "vitest";
import type { ActiveTarget } from "../clients/prometheus-schemas.ts";
import { whyIncomplete } from "./apps-targets.ts";
import type { SamplePod } from "./sample-pods.ts";
import { whyNotDropped, whyNotScraped } from "./sightings.ts";

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
const incomplete: ReadonlyMap<string, string> = new Map();
const mark = "__meta_kubernetes_pod_annotation_after_p";

function makeTargets(active: ActiveTarget[]) {
	return { active, dropped: [], pools, incomplete, configs: [] };
}

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
		expect(whyNotScraped(makeTargets(active), pod)?.reason).toMatch(reason);
	});

	test("is scraped once, by o11y-apps", () => {
		const active = [makeTarget(pools[0] ?? "")];
		expect(whyNotScraped(makeTargets(active), pod)).toBeUndefined();
	});
});

test("a pod that opted in and was dropped by every pool is hopeless, with the rule", () => {
	const labels = { ...discoveredLabels, __meta_kubernetes_pod_ready: "true" };
	const rule = {
		action: "keep",
		source_labels: ["__meta_kubernetes_pod_label_a"],
		regex: "x",
	};
	const targets = {
		...makeTargets([]),
		dropped: pools.map((scrapePool) => ({
			scrapePool,
			discoveredLabels: labels,
		})),
		configs: pools.map((job_name) => ({
			job_name,
			scrape_interval: "1m",
			relabel_configs: [rule],
		})),
	};
	expect(() => whyNotScraped(targets, pod)).toThrow(
		`pod p has no target: ${pools[0]} has discovered and dropped it, as it has a rule "keep" for __meta_kubernetes_pod_label_a, regex "x"; ${pools[1]} has discovered and dropped it, as it`,
	);
	// Before it is ready it may be dropped for that.
	expect(whyNotScraped({ ...targets, dropped }, pod)?.reason).toBe(
		"pod p has no target",
	);
});

describe("a pod in a namespace that a pool does not look into", () => {
	const explain = (...names: (string[] | undefined)[]) => {
		const configs = pools.map((job_name, i) => ({
			job_name,
			scrape_interval: "1m",
			kubernetes_sd_configs: [
				{ ...(names[i] && { namespaces: { names: names[i] } }) },
			],
		}));
		return whyNotScraped({ ...makeTargets([]), configs }, pod)?.reason;
	};

	test("is hopeless if no pool does", () => {
		expect(() => explain(["default", "media"], ["m"])).toThrow(
			`pod p has no target: ${pools[0]} only looks into namespace default, media, not into n; ${pools[1]} only looks into namespace m, not into n`,
		);
	});

	test("may still be found if one does, or looks into all", () => {
		expect(explain(["m"], ["n", "m"])).toBe("pod p has no target");
		expect(explain(["m"], undefined)).toBe("pod p has no target");
		expect(explain(["m"], [])).toBe("pod p has no target");
	});
});

describe("a pod that did not opt in", () => {
	test("is dropped by every pool of o11y-apps", () => {
		expect(
			whyNotDropped({ ...makeTargets([]), dropped }, pod, mark),
		).toBeUndefined();
	});

	test("is missing from a pool that has dropped others", () => {
		const other = {
			...discoveredLabels,
			__meta_kubernetes_pod_name: "another",
		};
		const [first] = dropped;
		if (!first) throw new Error("no pool");
		const last = { scrapePool: pools[1] ?? "", discoveredLabels: other };
		const targets = { ...makeTargets([]), dropped: [first, last] };
		expect(whyNotDropped(targets, pod, mark)?.reason).toBe(
			"pod p is not among the dropped targets of podMonitor/m/o11y-apps/1",
		);
	});

	test("is hopeless where a pool does not look into its namespace", () => {
		const configs = pools.map((job_name) => ({
			job_name,
			scrape_interval: "1m",
			kubernetes_sd_configs: [{ namespaces: { names: ["m"] } }],
		}));
		expect(() =>
			whyNotDropped({ ...makeTargets([]), configs }, pod, mark),
		).toThrow(`${pools[1]} only looks into namespace m, not into n`);
	});

	test("is not judged without the PodMonitor", () => {
		const targets = {
			active: [],
			dropped: [],
			pools: [],
			incomplete,
			configs: [],
		};
		expect(whyNotDropped(targets, pod, mark)?.reason).toBe(
			"PodMonitor o11y-apps has no scrape pool",
		);
	});

	test("must not be scraped by any pool", () => {
		const active = [makeTarget("podMonitor/m/other/0")];
		expect(() =>
			whyNotDropped(
				{ active, dropped, pools, incomplete, configs: [] },
				pod,
				mark,
			),
		).toThrow("did not opt in and has a target in podMonitor/m/other/0");
	});
});

describe("a pod that a pool may not list", () => {
	const limited = new Map(
		pools.map((pool) => [pool, "it keeps 10 of 57 dropped targets"]),
	);
	const neighbour = (scrapePool: string, health: ActiveTarget["health"]) => ({
		...makeTarget(scrapePool, health),
		discoveredLabels: {
			...discoveredLabels,
			__meta_kubernetes_pod_name: "canary",
			[mark]: "true",
		},
	});
	const judge = (active: ActiveTarget[], listed = dropped.slice(0, 1)) =>
		whyNotDropped(
			{ active, dropped: listed, pools, incomplete: limited, configs: [] },
			pod,
			mark,
		)?.reason;

	test("is dropped once the pool has discovered a later change of a scraped pod", () => {
		expect(judge([neighbour(pools[1] ?? "", "up")])).toBeUndefined();
	});

	test.each([
		["none was discovered", []],
		["another pool's", [neighbour(pools[0] ?? "", "up")]],
		["not scraped", [neighbour(pools[1] ?? "", "down")]],
		[
			"not changed",
			[
				{
					...makeTarget(pools[1] ?? ""),
					discoveredLabels: { __meta_kubernetes_pod_name: "canary" },
				},
			],
		],
	])("is not judged before: %s", (_, active) => {
		expect(judge(active)).toMatch(
			"podMonitor/m/o11y-apps/1 may not list pod p because it keeps 10 of 57 dropped targets",
		);
	});

	test("needs no canary where it is listed", () => {
		expect(judge([], dropped)).toBeUndefined();
	});
});

test.each([
	[{}, 57, 57, undefined],
	[{}, 57, undefined, undefined],
	[{ keep_dropped_targets: 10 }, 10, 10, undefined],
	[{ keep_dropped_targets: 10 }, 10, 57, "it keeps 10 of 57 dropped targets"],
	[{ keep_dropped_targets: 10 }, 10, undefined, "it keeps 10 dropped targets"],
	[{ keep_dropped_targets: 10 }, 9, undefined, undefined],
	[{ kubernetes_sd_configs: [{ role: "pod" }] }, 57, 57, undefined],
	[
		{ kubernetes_sd_configs: [{ selectors: [{ role: "pod" }] }] },
		0,
		0,
		"it only discovers the pods that Kubernetes selects for it",
	],
])(
	"a list is complete unless it was limited: %o, %i of %s",
	(config, listed, counted, why) => {
		expect(whyIncomplete(config, listed, counted)).toBe(why);
	},
);
