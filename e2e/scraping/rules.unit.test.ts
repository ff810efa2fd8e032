import { expect, test } from "vitest";
import type { Rule, RuleGroup } from "../clients/prometheus.ts";
import { compareRules, type PrometheusRule, withoutPlanted } from "./rules.ts";

function makeWanted(rules: number): PrometheusRule {
	return {
		apiVersion: "monitoring.coreos.com/v1",
		kind: "PrometheusRule",
		metadata: {
			name: "r",
			namespace: "n",
			uid: "u",
			labels: {},
			annotations: {},
			ownerReferences: [],
		},
		spec: { groups: [{ name: "g", rules: Array(rules).fill({}) }] },
	};
}

function makeLoaded(
	file: string,
	healths: Rule["health"][],
	lastError = "",
): RuleGroup {
	const rules = healths.map(
		(health): Rule => ({
			type: "recording",
			name: "a:b",
			query: "up",
			health,
			lastError,
			lastEvaluation: new Date(0),
			labels: {},
		}),
	);
	return { name: "g", file, interval: 30, rules };
}

test("a group that is loaded whole with health ok is no problem", () => {
	for (const file of ["/rules/n-r-u.yaml", "/rules/n-r.yaml"])
		expect(
			compareRules([makeWanted(2)], [makeLoaded(file, ["ok", "ok"])]),
		).toEqual([]);
});

test("a group that is not loaded, or not whole, is named", () => {
	const other = makeLoaded("/rules/other-r-u.yaml", ["ok"]);
	expect(compareRules([makeWanted(1)], [other])).toEqual([
		"group g of PrometheusRule n/r is not loaded",
	]);
	const half = makeLoaded("/rules/n-r-u.yaml", ["ok"]);
	expect(compareRules([makeWanted(2)], [half])).toEqual([
		"group g of PrometheusRule n/r has 2 rules, and 1 are loaded",
	]);
});

test("a rule that fails is quoted", () => {
	const failing = makeLoaded("/x.yaml", ["err", "unknown"], "many-to-many");
	expect(compareRules([], [failing])).toEqual([
		"rule a:b of g: health err: many-to-many",
		"rule a:b of g: not evaluated yet",
	]);
});

test("what a test planted is left out", () => {
	const planted = makeLoaded("/rules/e2e-x-r-u.yaml", ["err"]);
	expect(withoutPlanted([planted], new Set(["e2e-x"]))).toEqual([]);
});
