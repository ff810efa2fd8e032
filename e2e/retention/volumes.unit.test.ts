import { expect, test } from "vitest";
import { explainSize } from "./volumes.ts";

const requested = 8 * 2 ** 30;

test.each([
	["the file system of a node, as a folder of it", 270_000_000_000],
	["one that the volume claim outgrew", 2 ** 30],
	["none", 0],
])("a volume with %s has not the size of its volume claim", (_, capacity) => {
	expect(explainSize({ volumeClaim: "db", requested, capacity })).toEqual([
		`volume claim db asks for 8589934592 bytes, and its file system has ${capacity}`,
	]);
});

test.each([
	["all of it", requested],
	["what ext4 leaves of it", 8_350_298_112],
])("a volume with %s has the size of its volume claim", (_, capacity) => {
	expect(explainSize({ volumeClaim: "db", requested, capacity })).toEqual([]);
});
