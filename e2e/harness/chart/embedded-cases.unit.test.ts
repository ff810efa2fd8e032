import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { projectPath } from "../../common/paths.ts";
import {
	embeddedChart,
	findUnlike,
	readEmbeddedCases,
} from "./embedded-cases.ts";

const schema = readFileSync(`${embeddedChart}/values.schema.json`, "utf8");
const takes = new Ajv({ strict: false }).compile(JSON.parse(schema));
const defaults = readFileSync(`${embeddedChart}/values.yaml`, "utf8");

describe.each([...readEmbeddedCases()])("%s", (_, cases) => {
	const taken = cases.filter(({ refused }) => refused === undefined);
	test.each(taken)("the schema takes: $title", ({ values }) => {
		expect([takes(values), takes.errors]).toEqual([true, null]);
	});
});

test("the schema takes the chart's own values, and the homelab's", () => {
	const homelab = projectPath("stack/values/kube-prometheus-stack.yaml");
	for (const text of [defaults, readFileSync(homelab, "utf8")])
		expect([takes(parse(text)), takes.errors]).toEqual([true, null]);
});

test("the schema knows every key that the chart's own values have", () => {
	const unknown = findUnknown(parse(defaults), JSON.parse(schema), []);
	expect(unknown).toEqual([]);
});

/** Paths of values that the schema has no word on, though it lists others beside them. */
function findUnknown(
	value: unknown,
	{ properties }: { properties?: Record<string, object> },
	path: readonly string[],
): string[] {
	if (!properties || typeof value !== "object" || value === null) return [];
	return Object.entries(value).flatMap(([key, below]) => {
		const own = properties[key];
		const here = [...path, key];
		// What is handed to a custom resource is listed only where it is translated.
		if (!own)
			return here.some((each) => each.endsWith("Spec")) ? [] : [here.join(".")];
		return findUnknown(below, own, here);
	});
}

const rendering = `
kind: Service
metadata: { name: one, labels: { team: home } }
spec: { type: NodePort, ports: [{ name: a, port: 1 }, { name: b, port: 2 }] }
---
# Nothing.
`;
const one = (rest: object) => ({
	objects: [{ kind: "Service", metadata: { name: "one" }, ...rest }],
	absent: [],
});

test.each([
	["a part of an object", one({ spec: { type: "NodePort" } })],
	["an item of a list", one({ spec: { ports: [{ name: "b", port: 2 }] } })],
	["what is not there", one({ spec: { clusterIP: null } })],
	["an object that is not there", { objects: [], absent: ["Service/two"] }],
])("a rendering is like %s", (_, expected) => {
	expect(findUnlike(rendering, expected)).toEqual([]);
});

test.each([
	[
		one({ spec: { type: "ClusterIP" } }),
		'Service/one.spec.type is "NodePort", not "ClusterIP"',
	],
	[
		one({ spec: { ports: [{ name: "b", port: 1 }] } }),
		'Service/one.spec.ports has no {"name":"b","port":1}',
	],
	[one({ spec: { type: null } }), 'Service/one.spec.type is "NodePort"'],
	[
		{ objects: [{ kind: "Service", metadata: { name: "two" } }], absent: [] },
		"Service/two is missing",
	],
	[{ objects: [], absent: ["Service/one"] }, "Service/one is there"],
])("a rendering is unlike %j", (expected, said) => {
	expect(findUnlike(rendering, expected)).toEqual([said]);
});
