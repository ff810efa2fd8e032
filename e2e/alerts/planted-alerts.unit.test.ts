import { expect, test } from "vitest";
import { z } from "zod";
import {
	labelsOf,
	makeCanary,
	makePlantedAlerts,
	makePlantedPrometheusRule,
	type PlantedAlert,
	type PlantedPart,
	partOf,
	plantedParts,
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

function rulesOf(part: PlantedPart, state: "firing" | "resolved") {
	const rule = makePlantedPrometheusRule(
		Object.values(planted),
		{ namespace: "ns", labels: { release: "stack" } },
		{ part, token: "7f3a" },
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

test("no two of a severity share a namespace, so that what a group has in common names its alert", () => {
	const places = [...Object.values(planted), makeCanary("7f3a")]
		.filter(({ severity }) => severity !== "none")
		.map(({ severity, namespace }) => `${severity} in ${namespace}`);
	expect(new Set(places).size).toBe(places.length);
});

test("a critical alert stands beside the warning of another name and the one of its own name is elsewhere", () => {
	const { otherSuppressor, otherNamespace, otherName } = planted;
	expect(otherName.namespace).toBe(otherSuppressor.namespace);
	expect(otherName.alertname).not.toBe(otherSuppressor.alertname);
	expect(otherNamespace.alertname).toBe(otherSuppressor.alertname);
	expect(otherNamespace.namespace).not.toBe(otherSuppressor.namespace);
});

test("Prometheus takes the resolved rules for the firing ones: same names, same labels", () => {
	for (const part of plantedParts) {
		expect(rulesOf(part, "firing")).not.toEqual([]);
		expect(rulesOf(part, "resolved")).toEqual(
			rulesOf(part, "firing").map((rule) => ({
				...rule,
				expr: "vector(1) > 1",
			})),
		);
	}
});

test("every alert is in one part", () => {
	const names = plantedParts.flatMap((part) =>
		rulesOf(part, "firing").map(({ labels }) => labels.pod),
	);
	expect(names.toSorted()).toEqual(
		Object.values(planted)
			.map(({ source }) => source?.pod)
			.toSorted(),
	);
});

test("what suppresses comes from another rule, and shares only what the promise names", () => {
	const { suppressor, suppressed } = planted;
	expect(partOf(suppressor)).not.toBe(partOf(suppressed));
	const of = (alert: PlantedAlert) => ({
		...labelsOf(alert),
		...alert.source,
	});
	const [one, other] = [of(suppressor), of(suppressed)];
	const shared = Object.entries(one).filter(([label, value]) =>
		Object.entries(other).some(
			([name, its]) => name === label && its === value,
		),
	);
	expect(shared.map(([label]) => label)).toEqual(["alertname", "namespace"]);
});
