import { expect, test } from "vitest";
import { firstNames } from "./first-names.ts";

test.each([
	[["A"], "A"],
	[["A", "B", "C", "D"], "A, B, C, D"],
	[["A", "B", "C", "D", "E"], "A, B, C and 2 others"],
])("%j", (names, expected) => {
	expect(firstNames(names)).toBe(expected);
});
