import { expect, test } from "vitest";
import { whyNoMatch } from "./join-mismatch.ts";
import { readInputs } from "./rule-inputs.ts";

type Series = Readonly<Record<string, string>>;

function explain(expression: string, left: Series[], right: Series[]) {
	const [join] = readInputs(expression).joins;
	return join && whyNoMatch(join, left, right);
}

test("a label that one side never has is a mistake", () => {
	expect(
		explain(
			"a * on (node) group_left b",
			[{ instance: "x" }],
			[{ node: "n", instance: "y" }],
		),
	).toEqual({
		lasting: true,
		why: "series are matched by node, and no series of a has the label node",
	});
	expect(explain("a / b", [{ pod: "x", le: "1" }], [{ pod: "x" }])?.why).toBe(
		"series are matched by all labels, and no series of b has the label le",
	);
});

test("different jobs and instances are a mistake, different pods may not be", () => {
	const explainBy = (label: string) =>
		explain(`a / on (${label}) b`, [{ [label]: "x" }], [{ [label]: "y" }]);
	expect(explainBy("job")).toEqual({
		lasting: true,
		why: 'series are matched by job, and no series of both sides has the same job, e.g. "x" and "y"',
	});
	expect(explainBy("pod")).toMatchObject({ lasting: false });
});

test("labels that are ignored, or that only some have, say nothing", () => {
	expect(
		explain("a / ignoring (le) b", [{ __name__: "a", le: "1" }], [{}]),
	).toBeUndefined();
	expect(
		explain("a / on (x) b", [{ x: "1" }, {}], [{ x: "1" }]),
	).toBeUndefined();
});
