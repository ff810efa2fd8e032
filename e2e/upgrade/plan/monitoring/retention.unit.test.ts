import { expect, test } from "vitest";
import { isShorter, isSmaller } from "./retention.ts";

test.each([
	["10d", "5d", true],
	["5d", "10d", false],
	["1w", "7d", false],
	[undefined, "12h", true],
	["10d", "soon", false],
	["soon", "10d", false],
])("from %s to %s is shorter: %s", (from, to, expected) => {
	expect(isShorter(to, from)).toBe(expected);
});

test.each([
	["8GB", "7GiB512MiB", true],
	["8GB", "8GiB", false],
	["1EB", "8GB", true],
	["8GB", "1EB", false],
	[undefined, "8GB", true],
	["0", "8GB", true],
	["8GB", "0", false],
	["8GB", "", false],
	["8GB", undefined, false],
	["8GB", "500k", false],
	["500k", "8GB", false],
])("from %s to %s is smaller: %s", (from, to, expected) => {
	expect(isSmaller(to, from)).toBe(expected);
});
