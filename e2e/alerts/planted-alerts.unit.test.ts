import { expect, test } from "vitest";
import { z } from "zod";
import {
	makeCanary,
	makePlantedAlerts,
	makePlantedPrometheusRule,
} from "./planted-alerts.ts";

const rules = z.object({
	spec: z.object({
		groups: z.tuple([
			z.object({
				name: z.string(),
				rules: z.array(
					z.looseObject({
						alert: z.string(),
						expr: z.string(),
						labels: z.record(z.string(), z.string()),
					}),
				),
			}),
		]),
	}),
});
const planted = makePlantedAlerts("7f3a");
const where = { namespace: "ns", labels: { release: "stack" } };

function rulesOf(state: "firing" | "resolved") {
	const rule = makePlantedPrometheusRule(
		Object.values(planted),
		where,
		"7f3a",
		state,
	);
	return rules.parse(rule).spec.groups[0].rules;
}

test("no two alerts have the same labels", () => {
	const labels = [...Object.values(planted), makeCanary("7f3a")].map(
		({ alertname, severity, namespace }) =>
			[alertname, severity, namespace].join(),
	);
	expect(new Set(labels).size).toBe(labels.length);
});

test("Prometheus takes the resolved rules for the firing ones: same names, same labels", () => {
	const identity = (rule: { alert: string; labels: object }) =>
		JSON.stringify([rule.alert, rule.labels]);
	expect(rulesOf("resolved").map(identity).sort()).toEqual(
		rulesOf("firing").map(identity).sort(),
	);
	expect(rulesOf("resolved").every(({ expr }) => expr.endsWith("> 1"))).toBe(
		true,
	);
});

test("the source of inhibition fires before its target and resolves after it", () => {
	const order = (state: "firing" | "resolved") =>
		rulesOf(state)
			.filter(
				({ alert, labels }) =>
					alert === planted.suppressor.alertname &&
					labels.namespace === planted.suppressor.namespace,
			)
			.map(({ labels }) => labels.severity);
	expect(order("firing")).toEqual(["critical", "warning"]);
	expect(order("resolved")).toEqual(["warning", "critical"]);
});
