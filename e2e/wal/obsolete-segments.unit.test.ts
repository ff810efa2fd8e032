import { expect, test } from "vitest";
import { describeDeletion, hasDeletedSegments } from "./obsolete-segments.ts";
import type { Segment } from "./segments.ts";

const segment = (number: number, writtenAt = 0): Segment => ({
	name: String(number).padStart(8, "0"),
	number,
	size: 1,
	writtenAt,
});

const wal = (first: number, checkpoint?: number) => ({
	segments: [segment(first), segment(9)],
	first: segment(first),
	last: segment(9),
	checkpoint: checkpoint === undefined ? undefined : segment(checkpoint),
});

test.each([
	["its own checkpoint ends before the first segment", wal(2, 1), [1], true],
	["it deletes them just now", wal(1, 1), [1], false],
	["the checkpoint is older than this process", wal(2, 1), [0], false],
	["its checkpoints fail, and one is older", wal(2, 1), [3, 3], false],
	["it cannot delete any", wal(2, 1), [3, 0, 1], false],
	["nothing was deleted yet", wal(0), [0], false],
	["segments are gone without a checkpoint", wal(2), [0], false],
])(
	"%s",
	(_, seen, [created = 0, failed = 0, truncationsFailed = 0], deleted) => {
		const metrics = Object.entries({
			checkpoint_creations: created,
			checkpoint_creations_failed: failed,
			wal_truncations_failed: truncationsFailed,
		}).map(([what, value]) => ({
			name: `prometheus_tsdb_${what}_total`,
			labels: {},
			value,
		}));
		expect(hasDeletedSegments({ wal: seen, metrics })).toBe(deleted);
	},
);

test.each([
	[[segment(4, 8000), segment(5, 20_000)], 1],
	[[segment(4, 9000), segment(5, 20_000)], 0],
	[[segment(4, 20_000)], 0],
])(
	"segments that were complete before a cut at 9 s, and stay: %#",
	(segments, kept) => {
		const [first = segment(4)] = segments;
		expect(
			describeDeletion(
				{ segments, first, last: first, checkpoint: segment(3, 9000) },
				"by a test",
			),
		).toMatchObject({ kept });
	},
);
