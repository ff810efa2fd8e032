import { expect, test } from "vitest";
import { corruptBeginning, tearLastRecord } from "./damage.ts";

/** Thirty bytes of a record, and a page's zeros after them. */
const content = Buffer.from([...Array(30).fill(7), ...Array(10).fill(0)]);

test("a torn record lacks its last five bytes, and the zeros after it", () => {
	expect([...tearLastRecord(content)]).toEqual(Array(25).fill(7));
});

test("a corrupted beginning leaves the header and what follows", () => {
	expect([...corruptBeginning(content)]).toEqual([
		...Array(8).fill(7),
		...Array(16).fill(~7 & 0xff),
		...Array(6).fill(7),
		...Array(10).fill(0),
	]);
	expect([...content.subarray(8, 24)]).toEqual(Array(16).fill(7));
});
