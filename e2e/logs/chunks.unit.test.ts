import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readChunk } from "./chunks.ts";

test("lines are read from every block, whatever surrounds them", () => {
	const chunk = Buffer.concat([
		Buffer.from([0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 0, 7]),
		gzipSync("the first line"),
		Buffer.from([9, 9, 9, 9]),
		gzipSync("the second line"),
		Buffer.from("an index"),
	]);
	expect(readChunk(chunk)).toBe("the first line\nthe second line");
	expect(readChunk(Buffer.from("no block"))).toBe("");
});
