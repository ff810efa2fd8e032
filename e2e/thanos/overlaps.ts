import { type BlockMeta, isOutOfOrder } from "../clients/block-meta.ts";
import { formatMoment, overlap } from "../common/time-range.ts";

/**
 * A sentence for each two blocks of the same external labels that overlap: a compactor halts at them, because one
 * Prometheus only cuts such blocks of samples out of order, and of two it could not say whose a sample is.
 */
export function findOverlaps(metas: readonly BlockMeta[]): string[] {
	return metas.flatMap((one, at) =>
		metas
			.slice(at + 1)
			.filter((other) => labelsOf(one) === labelsOf(other))
			.filter((other) => overlap(one, other))
			.map(
				(other) =>
					`blocks ${one.ulid} and ${other.ulid} both have samples from ${formatMoment(Math.max(one.minTime, other.minTime))} on and the external labels ${labelsOf(one)}: ${adviseOn([one, other])}`,
			),
	);
}

function adviseOn(metas: readonly BlockMeta[]): string {
	return metas.some(isOutOfOrder)
		? "Prometheus takes samples out of order (tsdb.outOfOrderTimeWindow) and cuts blocks of their own for them, which a compactor only merges with --compact.enable-vertical-compaction"
		: "where several Prometheus upload, a label such as prometheus_replica has to tell them apart";
}

function labelsOf({ thanos }: BlockMeta): string {
	return JSON.stringify(
		Object.fromEntries(Object.entries(thanos?.labels ?? {}).sort()),
	);
}
