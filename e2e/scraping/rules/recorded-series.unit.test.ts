import { expect, test } from "vitest";
import type { InstantSeries, Rule } from "../../clients/prometheus-schemas.ts";
import { hasTwin, watchRecordedSeries } from "./recorded-series.ts";

const makeRule = (name: string, labels: Readonly<Record<string, string>>) => ({
	rule: { name, labels },
});

test("a rule with the same name and labels, or more, has series that look alike", () => {
	const bare = makeRule("a:b", {});
	const same = makeRule("a:b", {});
	const more = makeRule("a:b", { verb: "read" });
	const other = makeRule("c:d", {});
	expect(hasTwin(bare.rule, [bare, other])).toBe(false);
	expect(hasTwin(bare.rule, [bare, same])).toBe(true);
	expect(hasTwin(bare.rule, [bare, more])).toBe(true);
	expect(hasTwin(more.rule, [bare, more])).toBe(false);
});

/** A Prometheus that has the series of some names, and counts how often it is asked. */
function makePrometheus(has: Set<string>) {
	const asked: string[] = [];
	const series: InstantSeries = {
		metric: {},
		value: { timestamp: 0, value: 1 },
	};
	return {
		asked,
		config: async () => ({
			global: { scrape_interval: "1m", external_labels: {} },
			scrape_configs: [],
		}),
		targets: async () => ({ active: [], dropped: [], droppedCounts: {} }),
		query: async (expression: string) => {
			asked.push(expression);
			return [...has].some((name) => expression.includes(name)) ? [series] : [];
		},
		countSince: async (selector: string) => {
			asked.push(selector);
			return 1;
		},
		runtimeInfo: async () => {
			throw new Error("nobody asks");
		},
		metrics: async () => [],
	};
}

function makeLoaded(name: string, query: string): Rule {
	return {
		type: "recording",
		name,
		query,
		health: "ok",
		lastError: "",
		lastEvaluation: new Date(1000),
		labels: {},
	};
}

test("a rule that has recorded is not asked for again, one that has not is, until it has", async () => {
	const has = new Set(["a:b"]);
	const prometheus = makePrometheus(has);
	const check = watchRecordedSeries(prometheus, 60_000, 0);
	const group = {
		name: "g",
		file: "f",
		interval: 30,
		rules: [makeLoaded("a:b", "sum(up)"), makeLoaded("c:d", "sum(kube_x)")],
	};
	const outcomes = async (rules = group.rules) =>
		(await check([{ ...group, rules }])).map(({ outcome }) => outcome);
	expect((await outcomes())[0]).toBe("recorded");
	prometheus.asked.length = 0;
	has.add("c:d");
	expect(await outcomes()).toEqual(["recorded", "recorded"]);
	expect(prometheus.asked.join()).not.toContain("a:b");
	prometheus.asked.length = 0;
	expect(await outcomes()).toEqual(["recorded", "recorded"]);
	expect(prometheus.asked).toEqual([]);
	// With another expression it is another rule.
	await outcomes([makeLoaded("a:b", "sum(down)")]);
	expect(prometheus.asked.join()).toContain("a:b");
});
