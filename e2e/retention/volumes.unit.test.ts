import { expect, test } from "vitest";
import { explainSize } from "./volumes.ts";

const requested = 8 * 2 ** 30;

test.each([
	["the file system of a node, of which it is a folder", 270_000_000_000],
	["one that the claim outgrew", 2 ** 30],
	["none", 0],
])("a volume with %s is not as large as its claim", (_, capacity) => {
	expect(explainSize({ claim: "db", requested, capacity })).toEqual([
		`claim db asks for 8589934592 bytes, and its file system has ${capacity}`,
	]);
});

test.each([
	["all of it", requested],
	["what ext4 leaves of it", 8_350_298_112],
])("a volume with %s is", (_, capacity) => {
	expect(explainSize({ claim: "db", requested, capacity })).toEqual([]);
});
