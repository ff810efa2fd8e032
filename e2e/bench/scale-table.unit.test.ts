import { expect, test } from "vitest";
import type { ClaimsOutcome } from "./claims-round.ts";
import { makeRow, makeScaleRows, renderScale } from "./scale-table.ts";
import type { Work } from "./work.ts";

const work: Work = {
	monitors: 2,
	targets: 4,
	ruleObjects: 1,
	recordingRules: 1,
	alertRules: 1,
	dashboards: [1],
	alerts: 0,
};
const tenfold: Work = {
	monitors: 20,
	targets: 40,
	ruleObjects: 10,
	recordingRules: 10,
	alertRules: 10,
	dashboards: Array(10).fill(1),
	alerts: 0,
};

function makeRound(
	seconds: number,
	queries: number,
	status: "proven" | "refuted" = "proven",
): ClaimsOutcome {
	const base = { notes: [], tests: [], missing: [] };
	return {
		seconds: seconds + 1,
		claims: [
			{
				...base,
				id: "scrape-targets",
				title: "It scrapes",
				status,
				seconds,
				message: status === "proven" ? "" : "pool x lacks y",
			},
			{
				...base,
				id: "grafana-pages",
				title: "A person sees it",
				status: "skipped",
				seconds: 0,
				message: "no browser",
			},
		],
		requests: {
			"scrape-targets": {
				"prometheus-operated/api/v1/query": queries,
				"prometheus-operated/api/v1/write": 9999,
				"prometheus-monitoring-0/api/v1/targets": 5,
				"monitoring-grafana/api/ds/query": 2,
				kubernetes: 30,
			},
			"wal-replay": { "prometheus-operated/api/v1/query": 5 },
		},
		peakMebibytes: 300,
	};
}

const before = { work, rounds: [10, 30, 20].map((s) => makeRound(s, 90)) };
const after = { work: tenfold, rounds: [makeRound(25, 890)] };
const rows = makeScaleRows(before, after);
const find = (name: string) => rows.find(([first]) => first === name);

test("a row has the median of each side, its spread, and the ratio of the medians", () => {
	expect(makeRow("a", [10, 30, 20], [25], 1)).toEqual([
		"a",
		"20.0 (10.0 to 30.0)",
		"25.0",
		"1.25",
	]);
	expect(makeRow("a", [0], [3], 0)).toEqual(["a", "0", "3", ""]);
});

test("work, times and memory are compared", () => {
	expect(find("monitors")).toEqual(["monitors", "2", "20", "10.00"]);
	expect(find("work, all of it")).toEqual([
		"work, all of it",
		"10",
		"100",
		"10.00",
	]);
	expect(find("  scrape-targets, s")).toEqual([
		"  scrape-targets, s",
		"20.0 (10.0 to 30.0)",
		"25.0",
		"1.25",
	]);
	expect(find("all claims, s")?.[3]).toBe("1.24");
	expect(find("memory of the harness, MiB")?.[3]).toBe("1.00");
	expect(find("  grafana-pages, s")).toBeUndefined();
});

test("requests are counted by whom they reach, of all claims together, and held against the work", () => {
	expect(find("requests to Prometheus' API")).toEqual([
		"requests to Prometheus' API",
		"100",
		"900",
		"9.00",
	]);
	expect(find("  Prometheus' API, for each piece of work")).toEqual([
		"  Prometheus' API, for each piece of work",
		"10.00",
		"9.00",
		"0.90",
	]);
	expect(find("requests to Grafana")?.[1]).toBe("2");
	expect(find("requests to Kubernetes' API")?.[1]).toBe("30");
});

test("the kinds of requests that are sent most come first, without what a ledger writes", () => {
	const kinds = rows
		.map(([name]) => name)
		.filter((name) => name?.includes("/"));
	expect(kinds).toEqual([
		"  prometheus-operated/api/v1/query",
		"  prometheus-monitoring-0/api/v1/targets",
		"  monitoring-grafana/api/ds/query",
	]);
});

test("below the table is what was not proven", () => {
	expect(renderScale(10, before, after)).not.toContain("is refuted");
	const refuted = { work: tenfold, rounds: [makeRound(1, 1, "refuted")] };
	expect(renderScale(10, before, refuted)).toContain(
		"at 10: round 1: scrape-targets is refuted: pool x lacks y",
	);
});
