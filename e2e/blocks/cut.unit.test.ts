import { expect, test } from "vitest";
import { blockMeta } from "../clients/block-meta.ts";
import { findMissingSignsOfCut } from "./cut.ts";

const ulid = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
/** The time in the ULID. */
const made = 1469922850259;
const block = blockMeta.parse({
	ulid,
	minTime: made - 60_000,
	maxTime: made - 20_000,
	compaction: { level: 1, sources: [ulid] },
});

function read(compactions: number, truncations: number) {
	return [
		{
			name: "prometheus_tsdb_compactions_total",
			labels: {},
			value: compactions,
		},
		{
			name: "prometheus_tsdb_head_truncations_total",
			labels: {},
			value: truncations,
		},
	];
}

const cutting = {
	before: read(4, 3),
	after: read(5, 4),
	headMinTime: made - 20_000,
	since: made - 70_000,
};

test("a block that Prometheus has cut shows all signs", () => {
	expect(findMissingSignsOfCut(block, cutting)).toEqual([]);
});

test.each([
	[
		"level 2",
		{ ...block, compaction: { level: 2, sources: [ulid, "other"], hints: [] } },
		{},
	],
	[
		"nothing",
		{ ...block, compaction: { level: 1, sources: [], hints: [] } },
		{},
	],
	["was made at 2016-07-30T23:54:10.259Z", block, { since: made + 1 }],
	["compactions_total has not grown", block, { after: read(4, 4) }],
	["truncations_total has not grown", block, { after: read(5, 3) }],
	["the head begins at", block, { headMinTime: made - 60_000 }],
])("one that it has not lacks one: %s", (sign, meta, more) => {
	const missing = findMissingSignsOfCut(meta, { ...cutting, ...more });
	expect(missing).toEqual([expect.stringContaining(sign)]);
});
