import { expect, test } from "vitest";
import { readAnswer } from "./page-queries.ts";

const frame = (...values: number[][]) => ({ data: { values } });

test("an answer is split into its queries", () => {
	const results = {
		A: { status: 200, frames: [frame([1, 2], [0.5, 0.7])] },
		B: { status: 200, frames: [frame([], [])] },
		C: { status: 200, frames: [] },
		D: { status: 500, error: "it timed out" },
	};
	expect(readAnswer({ results })).toEqual({
		answered: 1,
		empty: 2,
		failed: ["it timed out"],
	});
});

test("anything else is a failure", () => {
	expect(readAnswer({ message: "Unauthorized" })).toEqual({
		answered: 0,
		empty: 0,
		failed: ["the answer has no results of queries"],
	});
});
