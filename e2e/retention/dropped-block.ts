import type { BlockMeta } from "../clients/block-meta.ts";
import { type ExposedSample, growthOf } from "../clients/exposition.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import { budgets } from "../common/budgets.ts";
import { eventually, HopelessError, notYet } from "../common/eventually.ts";
import type { Nodes } from "../harness/cluster/nodes.ts";
import {
	type PrometheusProcess,
	readLocalBlocks,
} from "../harness/cluster/prometheus-pod.ts";

/** A block that Prometheus' retention is to drop. */
export interface DueBlock {
	readonly ulid: string;
	/** Prometheus' metrics from before the block was there. */
	readonly before: readonly ExposedSample[];
	/** Whether its time has come, with these blocks on the disk. */
	readonly isDue: (blocks: readonly BlockMeta[]) => boolean;
}

/** Prometheus drops a block when its newest one is younger by the retention. @param retention milliseconds */
export function isOlderBy(
	retention: number,
	{ maxTime }: Pick<BlockMeta, "maxTime">,
): DueBlock["isDue"] {
	return (blocks) => blocks.some((each) => each.maxTime - maxTime >= retention);
}

/**
 * How old a block may be that Prometheus still keeps for a while: it is dropped with the next cut after that time, as the
 * head is cut at one and a half times a block's length (`compactable` in Prometheus' tsdb/head.go), half of it after the
 * end of the new block.
 *
 * @param retention milliseconds, as all here
 * @param keptFor at least
 * @param blockLength of those that Prometheus cuts
 */
export function ageBeforeDrop(
	retention: number,
	keptFor: number,
	blockLength: number,
): number {
	return retention - Math.max(0, keptFor - blockLength / 2);
}

/** Prometheus looks at its blocks each minute and after a cut. The first look may have begun before. */
const enoughLooks = 2;
const looks = "prometheus_tsdb_reloads_total";

/**
 * Waits until Prometheus' retention has dropped a block: it is off the disk, no other block was made of it, and
 * Prometheus has counted that its retention found something to delete. It counts that before it deletes
 * (`BeyondTimeRetention` and `BeyondSizeRetention` in its tsdb/db.go).
 */
export async function waitForDroppedBlock(
	prometheus: PrometheusClient,
	nodes: Nodes,
	local: PrometheusProcess,
	{ ulid, before, isDue }: DueBlock,
	by: "time" | "size" = "time",
): Promise<void> {
	const retentions = `prometheus_tsdb_${by}_retentions_total`;
	let dueSince: readonly ExposedSample[] | undefined;
	await eventually(
		`Prometheus drops block ${ulid}, by its retention by ${by}`,
		budgets.retention,
		async () => {
			const metrics = await prometheus.metrics();
			const blocks = await readLocalBlocks(nodes, local);
			const trace = findTrace(ulid, blocks);
			if (trace) {
				const where = trace.mergedInto
					? `Prometheus has compacted it into block ${trace.mergedInto}, which is still on the disk`
					: "it is still on the disk";
				if (!isDue(blocks)) return notYet(where);
				dueSince ??= metrics;
				const looked = growthOf(looks, dueSince, metrics);
				if (looked >= enoughLooks)
					throw new HopelessError(
						`${where}, and Prometheus has looked at its blocks ${looked} times since it was to be dropped`,
					);
				return notYet(`${where}, and is to be dropped`);
			}
			const counted = growthOf(retentions, before, await prometheus.metrics());
			if (counted < 1)
				return notYet(
					`it is gone from the disk, but ${retentions} has not grown: something else deleted it`,
				);
		},
	);
}

/** What is left of a block on the disk: undefined if it is not there and no other block was made of it. */
export function findTrace(
	ulid: string,
	blocks: readonly BlockMeta[],
): { readonly mergedInto?: string } | undefined {
	if (blocks.some((each) => each.ulid === ulid)) return {};
	const merged = blocks.find(({ compaction }) =>
		compaction.sources.includes(ulid),
	);
	return merged && { mergedInto: merged.ulid };
}
