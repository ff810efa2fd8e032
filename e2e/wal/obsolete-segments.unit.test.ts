import { expect, test } from "vitest";
import { hasDeletedSegments } from "./obsolete-segments.ts";
import type { Segment } from "./segments.ts";

const segment = (number: number): Segment => ({
	name: String(number).padStart(8, "0"),
	number,
	size: 1,
	writtenAt: 0,
});

test.each([
	["its own checkpoint ends before the first segment", 2, 1, 1, true],
	["it deletes them just now", 1, 1, 1, false],
	["the checkpoint is older than this process", 2, 1, 0, false],
	["nothing was deleted yet", 0, undefined, 0, false],
	["segments are gone without a checkpoint", 2, undefined, 0, false],
])("%s", (_, first, checkpoint, creations, deleted) => {
	expect(
		hasDeletedSegments({
			wal: {
				segments: [segment(first), segment(9)],
				first: segment(first),
				last: segment(9),
				checkpoint,
			},
			metrics: [
				{
					name: "prometheus_tsdb_checkpoint_creations_total",
					labels: {},
					value: creations,
				},
			],
		}),
	).toBe(deleted);
});
