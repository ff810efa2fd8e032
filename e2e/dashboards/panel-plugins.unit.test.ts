import { expect, test } from "vitest";
import { findMissingPlugins, readPluginNames } from "./panel-plugins.ts";
import { readDashboard } from "./queries/model.ts";

function find(
	types: readonly string[],
	installed: readonly string[] = [],
	named: readonly string[] = [],
) {
	const panels = types.map((type) => ({ type, title: "Up" }));
	return findMissingPlugins(
		[readDashboard({ title: "Plugin", panels })],
		installed,
		named,
	);
}

test("a panel of a plugin that is not installed is reported", () => {
	expect(find(["flant-statusmap-panel"], ["timeseries"])).toEqual([
		"panel Up of dashboard Plugin is of type flant-statusmap-panel, which is no plugin of this Grafana: grafana.plugins does not install it",
	]);
	const folded = { type: "row", panels: [{ type: "a-panel", title: "A" }] };
	expect(
		findMissingPlugins(
			[readDashboard({ title: "T", panels: [folded] })],
			[],
			["b-panel"],
		),
	).toEqual([expect.stringMatching(/^panel A of dashboard T is of type a-/)]);
});

test("Grafana's own panels, also by their old names, and what is or would be installed are not", () => {
	expect(
		find([
			...["timeseries", "row", "graph", "singlestat", "nodeGraph", "table-old"],
			...["grafana-piechart-panel", ""],
		]),
	).toEqual([]);
	expect(find(["a-panel"], ["a-panel"])).toEqual([]);
	expect(find(["a-panel"], [], ["a-panel"])).toEqual([]);
	expect(find(["zabbix-triggers-panel"], [], ["zabbix-more-app"])).toEqual([]);
	expect(find(["zabbix-triggers-panel"], [], ["other-app"])).toHaveLength(1);
});

test("a panel of the library has the type that it has there", () => {
	const panels = [{ title: "L", libraryPanel: { uid: "l" } }];
	const library = new Map([["l", { title: "L", type: "a-panel" }]]);
	const dashboard = readDashboard({ title: "T", panels }, library);
	expect(findMissingPlugins([dashboard], [], [])).toHaveLength(1);
});

test("plugins are named in several ways", () => {
	expect(
		readPluginNames(
			"a-panel,b-panel 1.2.0, c-panel@1.0.0,d-panel@@https://d/d.zip,https://e/e.zip;e-panel,",
		),
	).toEqual(["a-panel", "b-panel", "c-panel", "d-panel", "e-panel"]);
	expect(readPluginNames("")).toEqual([]);
});
