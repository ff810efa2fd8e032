import type { BlockMeta } from "../clients/block-meta.ts";
import { type ExposedSample, growthOf } from "../clients/exposition.ts";
import { timeOfUlid } from "../clients/ulid.ts";
import { parseDuration } from "../common/duration.ts";
import { formatMoment } from "../common/time-range.ts";

/** The length of the blocks that Prometheus cuts from its head, in milliseconds. @param flags of Prometheus */
export function cutLengthOf(flags: Readonly<Record<string, string>>): number {
	return parseDuration(flags["storage.tsdb.min-block-duration"] ?? "");
}

/** What Prometheus said of itself before and after it cut a block. */
export interface Cutting {
	readonly before: readonly ExposedSample[];
	readonly after: readonly ExposedSample[];
	/** The head's oldest sample afterwards, in milliseconds. */
	readonly headMinTime: number;
	/** The block can only have been cut since then, in milliseconds. */
	readonly since: number;
}

/** Both count a cut: the head is written as a block, and what is in the block is removed from the head. */
const counters = [
	"prometheus_tsdb_compactions_total",
	"prometheus_tsdb_head_truncations_total",
] as const;

/**
 * A sentence for each sign that is missing of Prometheus' having cut a block from its head itself. Together they say what
 * its log says as "write block", at every log level: the block is made of no other, was made in this time, Prometheus
 * counts a cut, and its head begins where the block ends.
 */
export function findMissingSignsOfCut(
	{ ulid, maxTime, compaction }: BlockMeta,
	{ before, after, headMinTime, since }: Cutting,
): string[] {
	const { level, sources } = compaction;
	const made = timeOfUlid(ulid);
	return [
		...(level === 1 && sources.length === 1 && sources[0] === ulid
			? []
			: [
					`block ${ulid} is of level ${level} and made of ${sources.join(", ") || "nothing"}, not cut from a head`,
				]),
		...(made >= since
			? []
			: [
					`block ${ulid} was made at ${formatMoment(made)}, before ${formatMoment(since)}`,
				]),
		...counters
			.filter((name) => growthOf(name, before, after) < 1)
			.map((name) => `${name} has not grown since ${formatMoment(since)}`),
		...(headMinTime >= maxTime
			? []
			: [
					`the head begins at ${formatMoment(headMinTime)}, before the end of block ${ulid} at ${formatMoment(maxTime)}`,
				]),
	];
}
