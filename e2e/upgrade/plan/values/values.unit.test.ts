import { expect, test } from "vitest";
import {
	defaultsOf,
	layer,
	leavesOf,
	printPath,
	withoutValues,
} from "./values.ts";

test("maps are merged, an empty one changes nothing, and a list replaces", () => {
	const merged = layer([
		{ a: { b: 1, c: [1, 2] }, d: { e: 1 } },
		{ a: { c: [3] }, d: {} },
	]);
	expect(merged).toEqual({ a: { b: 1, c: [3] }, d: { e: 1 } });
});

test("null is kept, because Helm deletes the default by it", () => {
	expect(layer([{ a: { b: 1 } }, { a: { b: null } }])).toEqual({
		a: { b: null },
	});
});

test("a subchart's defaults are nested under its alias; the chart's own override them", () => {
	const files = new Map([
		["Chart.yaml", "dependencies: [{name: sub, alias: other}]"],
		["values.yaml", "other: {a: 2}"],
		["charts/sub/Chart.yaml", "name: sub"],
		["charts/sub/values.yaml", "a: 1\nb: 1"],
	]);
	expect(defaultsOf(files)).toEqual({ other: { a: 2, b: 1 } });
});

test("leaves are values that are not maps, and empty maps", () => {
	expect(leavesOf({ a: { b: 1, c: [] }, d: {} })).toEqual([
		{ path: ["a", "b"], value: 1 },
		{ path: ["a", "c"], value: [] },
		{ path: ["d"], value: {} },
	]);
});

test("maps that become empty are removed, too", () => {
	expect(
		withoutValues({ a: { b: { c: 1 } }, d: 1 }, [["a", "b", "c"]]),
	).toEqual({ d: 1 });
});

test("a key with dots is quoted", () => {
	expect(printPath(["a", "o11y.ruiz.sh/tier"])).toBe('a."o11y.ruiz.sh/tier"');
});
