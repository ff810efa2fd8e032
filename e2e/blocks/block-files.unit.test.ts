import { expect, test } from "vitest";
import { findDamagedBlocks, parseSums } from "./block-files.ts";

const [one, two] = ["01KB4Y0M5V3W8X7Q2Z9R6T1N4C", "01KB4Y0M5V3W8X7Q2Z9R6T1N4D"];
const line = (sum: string, block: string, file: string) =>
	`${sum}  ./${block}/${file}\n`;
const complete = (block: string) =>
	line("aa", block, "meta.json") +
	line("bb", block, "index") +
	line("cc", block, "chunks/000001");

test("blocks are as they were, and a new one is complete", () => {
	const before = parseSums(complete(one));
	expect(before.get(one)?.get("chunks/000001")).toBe("cc");
	const after = parseSums(complete(one) + complete(two));
	expect(findDamagedBlocks(before, after)).toEqual([]);
});

test("a changed, a missing and an incomplete block are damaged", () => {
	const before = parseSums(complete(one) + complete(two));
	const other = "01KB4Y0M5V3W8X7Q2Z9R6T1N4E";
	const after = parseSums(
		line("aa", one, "meta.json") +
			line("00", one, "index") +
			line("cc", other, "chunks/000001"),
	);
	expect(findDamagedBlocks(before, after)).toEqual([
		`index of block ${one} has another content`,
		`chunks/000001 of block ${one} is gone`,
		`block ${two} is gone`,
		`block ${other} is not complete: it has only chunks/000001`,
	]);
});

test("without a block before, nothing is compared, and that is said", () => {
	expect(findDamagedBlocks(new Map(), parseSums(complete(one)))).toHaveLength(
		1,
	);
});

test("a block that may have been dropped is not damaged by that", () => {
	const before = parseSums(complete(one) + complete(two));
	const after = parseSums(complete(two));
	expect(findDamagedBlocks(before, after, { dropped: true })).toEqual([]);
});
