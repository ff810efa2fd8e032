import { countBy, groupBy, sum } from "es-toolkit";
import { expect, test } from "vitest";
import { z } from "zod";
import type { Manifest } from "../clients/kube-objects.ts";
import { labels } from "../common/labels.ts";
import { syntaxErrorIn } from "../common/promql/expressions.ts";
import { countFiring } from "./planted-rules.ts";
import { makePlantedWork } from "./planted-work.ts";
import { countQueries, ofDashboards, type Work } from "./work.ts";

const work: Work = {
	monitors: 3,
	targets: 7,
	ruleObjects: 2,
	recordingRules: 3,
	alertRules: 6,
	dashboards: [4, 1],
	alerts: 2,
};
const planting = { image: "node:1", release: "monitoring" };
const objects = makePlantedWork(2, work, planting);
const byKind = groupBy(objects, ({ kind }) => kind);

function listOf(kind: string): Manifest[] {
	return byKind[kind] ?? [];
}

const rules = z.object({
	spec: z.object({
		groups: z
			.array(
				z.object({
					name: z.string(),
					rules: z.array(
						z.object({
							alert: z.string().optional(),
							record: z.string().optional(),
							expr: z.string(),
							labels: z.record(z.string(), z.string()).optional(),
						}),
					),
				}),
			)
			.length(1),
	}),
});

function allRules() {
	return listOf("PrometheusRule").flatMap((each) =>
		rules.parse(each).spec.groups.flatMap((group) => group.rules),
	);
}

test("a copy has as much of everything as the stack", () => {
	expect(countBy(objects, ({ kind }) => kind)).toEqual({
		Namespace: 1,
		Deployment: 1,
		Service: 7,
		ServiceMonitor: 3,
		PrometheusRule: 2,
		ConfigMap: 2,
	});
	expect(allRules().filter(({ record }) => record)).toHaveLength(3);
	expect(allRules().filter(({ alert }) => alert)).toHaveLength(6);
	expect(
		listOf("ConfigMap")
			.flatMap(({ data }) =>
				Object.values(z.record(z.string(), z.string()).parse(data)),
			)
			.map(countQueries),
	).toEqual(work.dashboards);
});

test("its namespace is known as the bench's, and not as a test's, whose objects claims leave out", () => {
	const [namespace] = listOf("Namespace");
	expect(namespace?.metadata.labels).toEqual({ [labels.bench]: "true" });
	expect(labels.bench).not.toBe(labels.run);
	for (const each of objects.filter(({ kind }) => kind !== "Namespace"))
		expect(each.metadata.namespace).toBe(namespace?.metadata.name);
});

test("each target is a port of one pod, and belongs to one monitor", () => {
	const services = listOf("Service").map(({ metadata, spec }) => ({
		monitor: metadata.labels,
		ports: z
			.object({
				ports: z.array(z.object({ name: z.string(), targetPort: z.number() })),
			})
			.parse(spec).ports,
	}));
	const ports = services.flatMap((each) => each.ports);
	expect(new Set(ports.map(({ targetPort }) => targetPort)).size).toBe(7);
	const selectors = listOf("ServiceMonitor").map(
		({ spec }) =>
			z
				.object({
					selector: z.object({ matchLabels: z.record(z.string(), z.string()) }),
				})
				.parse(spec).selector.matchLabels,
	);
	expect(
		selectors.map(
			(selector) =>
				services.filter(
					({ monitor }) => JSON.stringify(monitor) === JSON.stringify(selector),
				).length,
		),
	).toEqual([3, 2, 2]);
	expect(JSON.stringify(listOf("Deployment"))).toContain(
		'{"name":"PORTS","value":"7"}',
	);
});

test("as many alerts fire as in the stack, each to nobody, and no name is that of another rule", () => {
	const firing = allRules().filter(({ alert }) => alert === "InfoInhibitor");
	expect(firing).toHaveLength(2);
	for (const each of firing)
		expect(each).toMatchObject({
			expr: "vector(1)",
			labels: { severity: "none", namespace: "o11y-e2e-scale-2" },
		});
	const others = allRules()
		.map(({ alert, record }) => alert ?? record)
		.filter((name) => name !== "InfoInhibitor");
	expect(new Set(others).size).toBe(others.length);
	const severities = allRules()
		.filter(({ alert }) => alert && alert !== "InfoInhibitor")
		.map(({ labels: of }) => of?.severity);
	expect(new Set(severities)).toEqual(new Set(["critical", "warning"]));
});

test("every expression is one", () => {
	expect(allRules().map(({ expr }) => syntaxErrorIn(expr))).toEqual(
		allRules().map(() => undefined),
	);
});

test("dashboards have the label that the sidecar finds, and files and uids of their own", () => {
	const maps = [1, 2].flatMap((copy) =>
		makePlantedWork(copy, work, planting).filter(
			({ kind }) => kind === "ConfigMap",
		),
	);
	for (const { metadata } of maps)
		expect(metadata.labels).toEqual(ofDashboards);
	const files = maps.flatMap(({ data }) =>
		Object.keys(z.record(z.string(), z.string()).parse(data)),
	);
	expect(new Set(files).size).toBe(4);
});

test("what the stack has none of is not planted", () => {
	const none = makePlantedWork(
		1,
		{
			monitors: 0,
			targets: 0,
			ruleObjects: 0,
			recordingRules: 0,
			alertRules: 0,
			dashboards: [],
			alerts: 1,
		},
		planting,
	);
	expect(none.map(({ kind }) => kind)).toEqual(["Namespace", "Deployment"]);
	expect(countFiring({ alerts: 3, alertRules: 1 })).toBe(1);
	expect(sum(none.map(() => 1))).toBe(2);
});
