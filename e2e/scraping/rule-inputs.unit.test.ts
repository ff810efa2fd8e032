import { expect, test } from "vitest";
import { readInputs } from "./rule-inputs.ts";

test("selectors and ranges are read as they are written", () => {
	expect(
		readInputs('sum by (a) (rate(x_total{job="j"}[5m])) / 2 + vector(1)'),
	).toEqual({
		selectors: ['x_total{job="j"}'],
		ranges: ["5m"],
		isConditional: false,
		hasAlternatives: false,
	});
	expect(readInputs("a or b").hasAlternatives).toBe(true);
});

test.each([
	"a == 0",
	"a > bool 1",
	"a and b",
	"a unless b",
	"a / b",
	"a * on (x) b",
])("%s may yield nothing", (expression) => {
	expect(readInputs(expression).isConditional).toBe(true);
});

test.each(["1 - avg(a)", "a * 100", "histogram_quantile(0.9, a)"])(
	"%s yields something if its input exists",
	(expression) => {
		expect(readInputs(expression).isConditional).toBe(false);
	},
);
