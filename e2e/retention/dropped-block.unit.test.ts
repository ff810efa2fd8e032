import { expect, test } from "vitest";
import { blockMeta } from "../clients/block-meta.ts";
import { findTrace } from "./dropped-block.ts";

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
