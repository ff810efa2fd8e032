import { expect, test } from "vitest";
import { countQueries, listWork, sizeOf, type Work } from "./work.ts";

test("the queries of a dashboard are the targets of its panels, also in folded rows", () => {
	const text = JSON.stringify({
		title: "Nodes",
		panels: [
			{ targets: [{ expr: "a" }, { expr: "b" }] },
			{ type: "text" },
			{ type: "row", targets: null, panels: [{ targets: [{ expr: "c" }] }] },
		],
	});
	expect(countQueries(text)).toBe(3);
});

test("what is no dashboard has no queries", () => {
	expect(countQueries("no JSON")).toBe(0);
	expect(countQueries("[]")).toBe(0);
	expect(countQueries("{}")).toBe(0);
});

test("the size of work is the sum of its kinds", () => {
	const work: Work = {
		monitors: 1,
		targets: 2,
		ruleObjects: 100,
		recordingRules: 3,
		alertRules: 4,
		dashboards: [5, 6],
		alerts: 7,
	};
	expect(Object.fromEntries(listWork(work))).toMatchObject({
		dashboards: 2,
		"queries of dashboards": 11,
	});
	expect(sizeOf(work)).toBe(1 + 2 + 3 + 4 + 2 + 11 + 7);
});
