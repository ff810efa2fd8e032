import { expect, test } from "vitest";
import { stringify } from "yaml";
import { makeSide } from "../cases/read-cases.ts";
import { compareKnown } from "../known/facts.ts";
import { findStackIn, stackOfSide } from "./stack-in-chart.ts";

const name = "kube-prometheus-stack";
const chart = (own: string, ...dependencies: object[]) =>
	stringify({ name: own, version: "0.1.0", dependencies });
const stack = (folder: string, version: string) => ({
	[`${folder}charts/${name}/Chart.yaml`]: stringify({ name, version }),
});
const find = (files: Record<string, string>) =>
	findStackIn(new Map(Object.entries(files)));

test("the stack is found under its alias, with what the chart sets for it", () => {
	expect(
		find({
			"Chart.yaml": chart("all", { name: "loki" }, { name, alias: "prom" }),
			"values.yaml": stringify({ prom: { a: 1 }, loki: { b: 1 } }),
			...stack("", "80.0.0"),
		}),
	).toEqual({ version: "80.0.0", path: ["prom"], values: { a: 1 } });
});

test("the stack may be in a chart of the chart, whose values give way", () => {
	const inner = "charts/monitoring/";
	expect(
		find({
			"Chart.yaml": chart("all", { name: "monitoring" }),
			"values.yaml": stringify({ monitoring: { [name]: { a: 2 } } }),
			[`${inner}Chart.yaml`]: chart("monitoring", { name }),
			[`${inner}values.yaml`]: stringify({ [name]: { a: 1, b: 1 } }),
			...stack(inner, "80.0.0"),
		}),
	).toEqual({
		version: "80.0.0",
		path: ["monitoring", name],
		values: { a: 2, b: 1 },
	});
});

test("the stack itself is in no other chart", () => {
	expect(
		find({ "Chart.yaml": chart(name, { name: "grafana" }) }),
	).toBeUndefined();
});

test("facts about the chart are met by the version and the values of the stack in it", () => {
	const side = (version: string, values: object) => ({
		...makeSide([], { version: "0.1.0", values: { prom: values } }),
		stack: stackOfSide(
			{ version, path: ["prom"], values: {} },
			{ prom: values },
		),
	});
	const found = (values: object) =>
		compareKnown(side("61.9.0", values), side("62.0.0", values)).map(
			({ subject }) => subject,
		);
	const set = { "prometheus-node-exporter": { podLabels: { jobLabel: "a" } } };
	expect(found(set)).toContain("chart-62-job-of-node-exporter");
	expect(found({})).not.toContain("chart-62-job-of-node-exporter");
});
