import { z } from "zod";

/** A block's meta.json; Thanos adds its `thanos` part when it uploads the block. */
export const blockMeta = z.looseObject({
	ulid: z.string(),
	/** Milliseconds, inclusive. */
	minTime: z.number(),
	/** Milliseconds, exclusive. */
	maxTime: z.number(),
	stats: z
		.looseObject({
			numSamples: z.number().default(0),
			numSeries: z.number().default(0),
			numChunks: z.number().default(0),
		})
		.prefault({}),
	compaction: z.looseObject({
		level: z.number(),
		sources: z.array(z.string()).default([]),
		hints: z.array(z.string()).default([]),
	}),
	thanos: z
		.looseObject({
			labels: z.record(z.string(), z.string()),
			source: z.string(),
			files: z
				.array(
					z.looseObject({
						rel_path: z.string(),
						size_bytes: z.number().default(0),
					}),
				)
				.default([]),
		})
		.optional(),
});
export type BlockMeta = z.infer<typeof blockMeta>;

/**
 * Whether a block holds what came out of order (`tsdb.outOfOrderTimeWindow`). Prometheus cuts it beside the block of the
 * head, and it overlaps that. The hint is `CompactionHintFromOutOfOrder` in Prometheus' tsdb/block.go.
 */
export function isOutOfOrder({ compaction }: Pick<BlockMeta, "compaction">) {
	return compaction.hints.includes("from-out-of-order");
}
