import { expect, test } from "vitest";
import { blockMeta } from "../clients/block-meta.ts";
import { ageBeforeDrop, findTrace, isOlderBy } from "./dropped-block.ts";

function makeMeta(ulid: string, sources = [ulid]) {
	const compaction = { level: sources.length, sources };
	return blockMeta.parse({ ulid, minTime: 0, maxTime: 1, compaction });
}

test("a block that was dropped has left nothing", () => {
	expect(findTrace("a", [])).toBeUndefined();
	expect(findTrace("a", [makeMeta("b")])).toBeUndefined();
});

test("a block on the disk, or one that was compacted, was not dropped", () => {
	expect(findTrace("a", [makeMeta("b"), makeMeta("a")])).toEqual({});
	expect(findTrace("a", [makeMeta("c", ["a", "b"])])).toEqual({
		mergedInto: "c",
	});
});

test("a block is due when another one is younger by the retention", () => {
	const isDue = isOlderBy(100, { maxTime: 7 });
	const blocksUntil = (...times: number[]) =>
		times.map((maxTime) => ({ ...makeMeta("b"), maxTime }));
	expect(isDue(blocksUntil(7, 106))).toBe(false);
	expect(isDue(blocksUntil(7, 107))).toBe(true);
	expect(isDue([])).toBe(false);
});

test.each([
	["compressed", 45_000, 52_500],
	["as in production", 7_200_000, 0],
])(
	"a block that is dropped 75 s from now at the earliest is so much too young, with blocks %s",
	(_, blockLength, tooYoung) => {
		const sixDays = 6 * 86_400_000;
		expect(sixDays - ageBeforeDrop(sixDays, 75_000, blockLength)).toBe(
			tooYoung,
		);
	},
);
