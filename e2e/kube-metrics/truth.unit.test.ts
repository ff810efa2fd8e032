import { expect, test } from "vitest";
import { factLabels, readFacts, takeNewerThan, whyUntrue } from "./truth.ts";

test("series become facts by the values of their labels", () => {
	const value = { timestamp: 0, value: 2 };
	const series = [{ metric: { pod: "p", phase: "Running" }, value }];
	const of = { by: ["pod", "phase"], all: { __name__: "m" } };
	expect(readFacts(series, of)).toEqual({ "p/Running": 2 });
	expect(factLabels("p/Running", of)).toEqual({
		__name__: "m",
		pod: "p",
		phase: "Running",
	});
});

test("series and truth are both reported where they differ", () => {
	expect(whyUntrue({ a: 1, b: 2 }, { a: 1, b: 3 })?.reason).toBe(
		'the series say {"b":2}, the truth is {"b":3}',
	);
	expect(whyUntrue({ a: 1 }, { a: 1 })).toBeUndefined();
	expect(whyUntrue({}, { a: 1 })?.reason).toBe(
		'the series say {}, the truth is {"a":1}',
	);
	expect(
		whyUntrue({ b: 1 }, { a: 1, b: 1 }, (missing) => [
			`it runs without ${missing.join()}`,
		])?.reason,
	).toMatch(/the truth is {"a":1}; it runs without a$/);
});

test("without a truth there is nothing to agree with", () => {
	expect(whyUntrue({}, {})?.reason).toContain("there is nothing");
});

test("only a sample that is newer than the change counts", () => {
	const metric = { node: "n" };
	const values = [
		{ timestamp: 1, value: 0 },
		{ timestamp: 3, value: 1 },
	];
	expect(takeNewerThan([{ metric, values }], 2)).toEqual([
		{ metric, value: values[1] },
	]);
	expect(takeNewerThan([{ metric, values }], 3)).toEqual([]);
});
