import { expect, test } from "vitest";
import { monitoringV1 } from "../../clients/kube-objects.ts";
import type { Rule, RuleGroup } from "../../clients/prometheus-schemas.ts";
import {
	findRuleProblems,
	findSyntaxError,
	listUnloaded,
	longestInterval,
	type PrometheusRule,
	tryNotStored,
	withoutPlanted,
} from "./loaded-groups.ts";

function makeWanted(rules: number): PrometheusRule {
	return {
		apiVersion: monitoringV1,
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

test("nothing is reported if a group is loaded completely with health ok", () => {
	for (const file of ["/rules/n-r-u.yaml", "/rules/n-r.yaml"])
		expect(
			findRuleProblems([makeWanted(2)], [makeLoaded(file, ["ok", "ok"])]),
		).toEqual([]);
});

test("a group that is not loaded, or not completely, is reported", () => {
	const other = makeLoaded("/rules/other-r-u.yaml", ["ok"]);
	const wanted = makeWanted(1);
	expect(listUnloaded([wanted], [other])).toEqual([wanted]);
	expect(
		findRuleProblems([wanted], [other], new Map([[wanted, "a cause"]])),
	).toEqual(["group g of PrometheusRule n/r is not loaded: a cause"]);
	const half = makeLoaded("/rules/n-r-u.yaml", ["ok"]);
	expect(findRuleProblems([makeWanted(2)], [half])).toEqual([
		"group g of PrometheusRule n/r has 2 rules, but 1 are loaded",
	]);
});

test("a group without rules need not be loaded", () => {
	const wanted = makeWanted(0);
	expect(listUnloaded([wanted], [])).toEqual([]);
	expect(findRuleProblems([wanted], [])).toEqual([]);
});

test("an expression that does not parse is a reason, with its rule", () => {
	const wanted = makeWanted(1);
	const rules = [
		{ alert: "A", expr: "up == 0" },
		{ record: "j:up:sum", expr: "1" },
	];
	wanted.spec.groups = [{ name: "g", rules }];
	expect(findSyntaxError(wanted)).toBeUndefined();
	const record = { record: "j:up:sum", expr: "sum by (job (up)" };
	wanted.spec.groups = [{ name: "g", rules: [record] }];
	expect(findSyntaxError(wanted)).toMatch(
		/^the operator refuses it: in the expression of j:up:sum, .+ at character \d+.*: sum by \(job \(up\)$/,
	);
});

test("a failing rule is reported with its error", () => {
	const failing = makeLoaded("/x.yaml", ["err", "unknown"], "many-to-many");
	expect(findRuleProblems([], [failing])).toEqual([
		"rule a:b of g: health err: many-to-many",
		"rule a:b of g: not evaluated yet",
	]);
});

test("what a test has planted is left out", () => {
	const planted = makeLoaded("/rules/e2e-x-r-u.yaml", ["err"]);
	expect(withoutPlanted([planted], new Set(["e2e-x"]))).toEqual([]);
});

test("a group of hours is not waited for; its expressions are evaluated instead", async () => {
	const hourly = { ...makeLoaded("/x.yaml", ["unknown"]), interval: 3600 };
	expect(findRuleProblems([], [hourly])).toEqual([]);
	expect(longestInterval([hourly, makeLoaded("/y.yaml", ["ok"])])).toBe(30_000);
	expect(await tryNotStored([hourly], () => Promise.resolve())).toEqual([]);
	expect(
		await tryNotStored([hourly], () => Promise.reject(new Error("bad"))),
	).toEqual([
		"rule a:b of g has stored nothing yet, and its expression fails: bad",
	]);
});

test("a rule whose samples only the test's short blocks refuse is no problem", async () => {
	const late = makeLoaded("/x.yaml", ["err"], "out of bounds");
	expect(findRuleProblems([], [late])).toEqual([]);
	expect(
		await tryNotStored([late], () => Promise.reject(new Error("bad"))),
	).toHaveLength(1);
});
