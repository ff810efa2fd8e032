import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { projectPath } from "../../common/paths.ts";
import { libraryPanelsOf, readDashboard } from "./model.ts";

test("panels are found in folded rows, old rows, annotations and the library", () => {
	const targets = [{ expr: "up" }];
	const dashboard = {
		title: "t",
		panels: [
			{ title: "row", panels: [{ title: "folded", targets }] },
			{ title: "text" },
			{ title: "stored", libraryPanel: { uid: "l" } },
		],
		rows: [{ panels: [{ title: "old", targets }] }],
		annotations: { list: [{ name: "a", expr: "ALERTS" }, { builtIn: 1 }] },
	};
	expect(libraryPanelsOf(dashboard)).toEqual(["l"]);
	const library = new Map([["l", { title: "library", targets }]]);
	const { panels } = readDashboard(dashboard, library);
	expect(panels.map(({ title }) => title)).toEqual([
		"folded",
		"library",
		"old",
		"annotation a",
	]);
	expect(readDashboard(dashboard).lost.map(({ title }) => title)).toEqual([
		"stored",
	]);
	expect(() => readDashboard({ title: "t", panels: 1 })).toThrow(
		"the dashboard t is not one that Grafana can read",
	);
});

test("the embedded chart has a dashboard for each of some components, which is left out with it", async () => {
	const chart = projectPath("stack/charts/kube-prometheus-stack");
	const helpers = await readFile(`${chart}/templates/_helpers.tpl`, "utf8");
	const files = await readdir(`${chart}/dashboards`);
	const uids: unknown[] = [];
	for (const file of files) {
		const model = JSON.parse(
			await readFile(`${chart}/dashboards/${file}`, "utf8"),
		);
		expect(readDashboard(model).panels.length, file).toBeGreaterThan(2);
		expect(helpers, file).toMatch(
			new RegExp(`^  "${file.replace(/\.json$/, "")}" `, "m"),
		);
		uids.push(model.uid);
	}
	expect(new Set(uids).size).toBe(files.length);
});
