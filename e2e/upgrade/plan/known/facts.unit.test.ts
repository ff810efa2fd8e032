import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { projectPath } from "../../../common/paths.ts";
import { makeSide, shortObject } from "../cases/read-cases.ts";
import { compareKnown, facts } from "./facts.ts";

const versions = z.record(z.string(), z.string());
const newSide = z.strictObject({
	versions: versions.optional(),
	objects: z.array(shortObject).optional(),
	values: z.record(z.string(), z.unknown()).optional(),
});
const factCase = z.strictObject({
	fact: z.string(),
	from: versions,
	to: versions,
	...newSide.omit({ versions: true }).shape,
	without: newSide.optional(),
});
const cases = z
	.array(factCase)
	.parse(
		parse(
			readFileSync(projectPath("e2e/upgrade/plan/known/cases.yaml"), "utf8"),
		),
	);

const images: Readonly<Record<string, string>> = {
	operator: "quay.io/prometheus-operator/prometheus-operator",
	prometheus: "quay.io/prometheus/prometheus",
	alertmanager: "quay.io/prometheus/alertmanager",
	thanos: "quay.io/thanos/thanos",
	grafana: "docker.io/grafana/grafana",
	"kube-state-metrics": "registry.k8s.io/kube-state-metrics/kube-state-metrics",
};

function sideOf(
	{ chart = "1.0.0", ...rest }: z.infer<typeof versions>,
	{ objects, values }: z.infer<typeof newSide> = {},
) {
	return makeSide([], {
		version: chart,
		images: Object.entries(rest).map(
			([name, version]) => `${images[name]}:v${version}`,
		),
		objects: objects ?? [],
		values: values ?? {},
	});
}

const idsOf = (...sides: Parameters<typeof compareKnown>) =>
	compareKnown(...sides).map(({ subject }) => subject);

test("there are at least 25 facts, each with an id of its own", () => {
	expect(facts.length).toBeGreaterThanOrEqual(25);
	expect(new Set(facts.map(({ id }) => id)).size).toBe(facts.length);
});

test("every fact has a case, and every condition one that does not meet it", () => {
	const known = new Map(cases.map((each) => [each.fact, each]));
	expect([...known.keys()].sort()).toEqual(facts.map(({ id }) => id).sort());
	const open = facts.filter(
		({ id, when, beside }) =>
			when.length + Object.keys(beside).length > 0 && !known.get(id)?.without,
	);
	expect(open.map(({ id }) => id)).toEqual([]);
});

describe.each(cases)(
	"$fact",
	({ fact, from, to, objects, values, without }) => {
		const meeting = { objects, values };
		test("is met", () => {
			expect(idsOf(sideOf(from, meeting), sideOf(to, meeting))).toContain(fact);
		});
		test("is not met again by the next upgrade", () => {
			const side = sideOf(to, meeting);
			expect(idsOf(side, side)).toEqual([]);
		});
		// Some facts have no condition but the versions.
		if (!without) return;
		test("is not met without its condition", () => {
			const other = { ...meeting, ...without };
			const side = sideOf(without.versions ?? to, other);
			expect(idsOf(sideOf(from, meeting), side)).not.toContain(fact);
		});
	},
);

test("a condition that comes true in the range is told, too", () => {
	const withoutSection = sideOf({ grafana: "12.1.0" });
	const withSection = sideOf(
		{ grafana: "12.1.0" },
		{
			objects: [
				{
					kind: "ConfigMap",
					name: "g",
					data: { "grafana.ini": "[alerting]\nenabled = true\n" },
				},
			],
		},
	);
	expect(idsOf(withoutSection, withSection)).toEqual([
		"grafana-11-legacy-alerting",
	]);
	expect(idsOf(withSection, withSection)).toEqual([]);
});
