import { expect, test } from "vitest";
import { isShorter, isSmaller } from "./retention.ts";

test.each([
	[{ retention: "10d" }, { retention: "5d" }, true],
	[{ retention: "5d" }, { retention: "10d" }, false],
	[{ retention: "1w" }, { retention: "7d" }, false],
	[{}, { retention: "12h" }, true],
	[{ retention: "10d" }, {}, true],
	[{ retention: "10d" }, { retention: "soon" }, false],
	[{ retention: "soon" }, { retention: "10d" }, false],
	[{ retention: "10d", retentionSize: "8GB" }, { retentionSize: "8GB" }, false],
	[{ retention: "10d" }, { retentionSize: "8GB" }, false],
	[{ retentionSize: "8GB" }, { retention: "10d", retentionSize: "8GB" }, true],
	[{ retentionSize: "8GB" }, {}, true],
	[{ retention: "24h" }, {}, false],
])("from %j to %j is shorter: %s", (from, to, expected) => {
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
	expect(isSmaller({ retentionSize: to }, { retentionSize: from })).toBe(
		expected,
	);
});
