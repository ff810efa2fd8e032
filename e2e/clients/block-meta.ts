import { z } from "zod";

/** A block's meta.json; its `thanos` part is added by whoever uploads it. */
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

/** A block's name, as Prometheus and Thanos know it. */
export const ulid = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** When a block was made, in milliseconds: the first ten characters of its ULID tell. */
export function timeOfUlid(block: string): number {
	return [...block.slice(0, 10)].reduce(
		(sum, each) => sum * 32 + crockford.indexOf(each),
		0,
	);
}

/** What the ULIDs of all blocks begin with that are made in a millisecond; those made later sort after it. */
export function ulidPrefixOf(milliseconds: number): string {
	let [rest, prefix] = [milliseconds, ""];
	for (let place = 0; place < 10; place += 1) {
		prefix = `${crockford[rest % 32]}${prefix}`;
		rest = Math.floor(rest / 32);
	}
	return prefix;
}

/** Whether two half-open time ranges have a millisecond in common. */
export function overlap(
	a: { minTime: number; maxTime: number },
	b: { minTime: number; maxTime: number },
): boolean {
	return a.minTime < b.maxTime && b.minTime < a.maxTime;
}
