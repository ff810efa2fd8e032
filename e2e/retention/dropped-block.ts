import type { BlockMeta } from "../clients/block-meta.ts";
import { type ExposedSample, growthOf } from "../clients/exposition.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import { budgets } from "../common/budgets.ts";
import { eventually, notYet } from "../common/eventually.ts";
import type { Nodes } from "../harness/cluster/nodes.ts";
import {
	type PrometheusProcess,
	readLocalBlocks,
} from "../harness/cluster/prometheus-pod.ts";

/**
 * Waits until Prometheus' retention has dropped a block: it is off the disk, no other block was made of it, and
 * Prometheus has counted that its retention found something to delete. It counts that before it deletes
 * (`BeyondTimeRetention` and `BeyondSizeRetention` in its tsdb/db.go).
 *
 * @param before Prometheus' metrics from before the block was there
 */
export async function waitForDroppedBlock(
	prometheus: PrometheusClient,
	nodes: Nodes,
	local: PrometheusProcess,
	{ ulid, before }: { ulid: string; before: readonly ExposedSample[] },
	by: "time" | "size" = "time",
): Promise<void> {
	const retentions = `prometheus_tsdb_${by}_retentions_total`;
	await eventually(
		`Prometheus drops block ${ulid}, by its retention by ${by}`,
		budgets.retention,
		async () => {
			const trace = findTrace(ulid, await readLocalBlocks(nodes, local));
			if (trace)
				return notYet(
					trace.mergedInto
						? `Prometheus has compacted it into block ${trace.mergedInto}, which is still on the disk`
						: "it is still on the disk",
				);
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
