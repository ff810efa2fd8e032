import { expect, test } from "vitest";
import { readInputs } from "./rule-inputs.ts";

test("selectors and ranges are read as they are written", () => {
	expect(
		readInputs('sum by (a) (rate(x_total{job="j"}[5m])) / 2 + vector(1)'),
	).toMatchObject({
		selectors: [{ metric: "x_total", text: 'x_total{job="j"}' }],
		ranges: ["5m"],
		isConditional: false,
		hasAlternatives: false,
	});
	expect(readInputs("a or b").hasAlternatives).toBe(true);
});

test.each(["a == 0", "a > bool 1", "a and b", "a unless b"])(
	"%s may yield nothing",
	(expression) => {
		expect(readInputs(expression).isConditional).toBe(true);
	},
);

test.each([
	"1 - avg(a)",
	"a * 100",
	"histogram_quantile(0.9, a)",
	"a / b",
	"a * on (x) b",
])("%s yields something if its input exists and matches", (expression) => {
	expect(readInputs(expression).isConditional).toBe(false);
});

test("what joins series has two sides, and labels by which they are matched", () => {
	const { joins } = readInputs(
		"sum(a) * on (x, y) group_left (z) (b / ignoring (c) d)",
	);
	expect(joins).toEqual([
		{
			text: "b / ignoring (c) d",
			left: "b",
			right: "d",
			by: "ignoring",
			labels: ["c"],
		},
		expect.objectContaining({
			left: "sum(a)",
			right: "(b / ignoring (c) d)",
			by: "on",
			labels: ["x", "y"],
		}),
	]);
	for (const expression of ["a and on (x) b", "a > on (x) b"])
		expect(readInputs(expression).joins).toHaveLength(1);
});

test.each(["a * 2", "a - scalar(b)", "(time() - 1) - a", "a unless b"])(
	"%s matches no series of two sides",
	(expression) => {
		expect(readInputs(expression).joins).toEqual([]);
	},
);
