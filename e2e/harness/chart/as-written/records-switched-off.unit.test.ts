import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { parseManifests } from "../../../clients/api-server/manifests.ts";
import { readRecordsSwitchedOff } from "./records-switched-off.ts";

const groups = {
	nodes: ["node:cpu:ratio", "node:memory:ratio"],
	server: ["verb:requests:p99", "node:cpu:ratio"],
};
const defaults = stringify({
	defaultRules: { create: true, rules: { nodes: true, server: true } },
});

/** Renders a PrometheusRule with the groups that are on, and one of a person's own. */
function render(rules: Partial<Record<keyof typeof groups, unknown>>): string {
	const records = [
		...(rules.nodes ? groups.nodes : []),
		...(rules.server ? groups.server : []),
		"own:sum",
	].map((record) => ({ record, expr: "up" }));
	return stringify({
		apiVersion: "monitoring.coreos.com/v1",
		kind: "PrometheusRule",
		metadata: { name: "rules" },
		spec: { groups: [{ rules: [{ alert: "A", expr: "up" }, ...records] }] },
	});
}

async function read(
	written: readonly string[],
	furtherValues: string,
	loaded: Partial<Record<keyof typeof groups, unknown>>,
) {
	const rendered: unknown[] = [];
	const found = await readRecordsSwitchedOff(
		{
			written,
			defaults: async () => defaults,
			render: async ({ furtherValues: further = "" }) => {
				rendered.push(parse(further));
				return render(parse(further).defaultRules.rules);
			},
		},
		parseManifests(render(loaded)),
		{ kubeVersion: "1.34.1", furtherValues },
	);
	return { found, rendered };
}

const off = "defaultRules: { rules: { nodes: false } }";

test("what a group records that is switched off is named, unless another one records it, too", async () => {
	const { found, rendered } = await read([off], "{ a: { b: 1 } }", {
		server: true,
	});
	expect(found).toEqual(["node:memory:ratio"]);
	// On top of what else is layered last.
	expect(rendered).toEqual([
		{ a: { b: 1 }, defaultRules: { rules: { nodes: true, server: true } } },
	]);
});

test("further values switch groups off as well", async () => {
	const further =
		"defaultRules: { create: false, rules: { nodes: no, server: ~ } }";
	const { found, rendered } = await read(["{}"], further, {});
	expect(found).toEqual([
		"node:cpu:ratio",
		"node:memory:ratio",
		"verb:requests:p99",
	]);
	// Leaving out all rules of the chart is another matter.
	expect(rendered).toMatchObject([{ defaultRules: { create: false } }]);
});

test("where nothing is switched off, nothing more is rendered", async () => {
	const on = "defaultRules: { rules: { nodes: true }, disabled: { A: true } }";
	expect(await read([on, ""], "{}", { nodes: true, server: true })).toEqual({
		found: [],
		rendered: [],
	});
});
