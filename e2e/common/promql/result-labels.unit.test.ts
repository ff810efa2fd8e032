import { expect, test } from "vitest";
import { resultLabelsOf } from "./result-labels.ts";

test.each([
	["sum by (a, b) (x) > 1", ["a", "b"]],
	["sum(x) by (a) / sum(y) by (a)", ["a"]],
	["sum(x)", []],
	["1 - avg by (a) (x)", ["a"]],
	["round((sum by (a) (rate(x[5m]))))", ["a"]],
	["sum by (a) (x) and on (a) y", ["a"]],
	["sum by (a) (x) or sum by (b) (y)", ["a", "b"]],
	["x", undefined],
	["x > 1", undefined],
	["topk(1, sum by (a) (x))", undefined],
	["max without (a) (x)", undefined],
	['count_values("a", x)', undefined],
	["sum by (a) (x) * on (a) group_left (n) y", undefined],
	['label_replace(sum(x), "a", "b", "", "")', undefined],
])("%s", (expression, expected) => {
	const found = resultLabelsOf(expression);
	expect(found && [...found]).toEqual(expected);
});
