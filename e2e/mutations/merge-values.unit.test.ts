import { expect, test } from "vitest";
import { findConflict, mergeValues } from "./merge-values.ts";

test.each([
	["different components", { a: 1 }, { b: 1 }, undefined],
	["different keys of one", { a: { b: 1 } }, { a: { c: 1 } }, undefined],
	["the same key", { a: { b: 1 } }, { a: { b: 2 } }, "a.b"],
	["a mapping and a value", { a: { b: 1 } }, { a: null }, "a"],
	[
		"two lists, of which one would replace the other",
		{ a: [1] },
		{ a: [2] },
		"a",
	],
	["a key that contains a dot", { "a.b": 1 }, { a: { b: 1 } }, undefined],
])("%s", (_, one, other, conflict) => {
	expect(findConflict(one, other)).toBe(conflict);
	expect(findConflict(other, one)).toBe(conflict);
});

test("merging changes none of what is merged", () => {
	const one = { a: { b: [1] } };
	const other = { a: { c: null } };
	expect(mergeValues([one, other])).toEqual({ a: { b: [1], c: null } });
	expect(one).toEqual({ a: { b: [1] } });
	expect(other).toEqual({ a: { c: null } });
});
