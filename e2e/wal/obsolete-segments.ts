import { type ExposedSample, sumOf } from "../clients/exposition.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import { budgets } from "../common/budgets.ts";
import { eventually, notYet } from "../common/eventually.ts";
import type { Nodes } from "../harness/cluster/nodes.ts";
import type { NodeFolder } from "../harness/cluster/prometheus-pod.ts";
import { readWal, type Wal } from "./segments.ts";

/** The WAL at one moment, and what its Prometheus counted then. */
export interface WalLook {
	readonly wal: Wal;
	readonly metrics: readonly ExposedSample[];
}

/** Reads the files first: what they show is then in the counters. */
export async function lookAtWal(
	nodes: Nodes,
	data: NodeFolder,
	prometheus: PrometheusClient,
): Promise<WalLook> {
	const wal = await readWal(nodes, data);
	return { wal, metrics: await prometheus.metrics() };
}

/**
 * Whether this process has deleted segments: before it deletes them, it makes a checkpoint of what is still needed
 * (`truncateWAL` in Prometheus' tsdb/head.go), and counts it. Segments that it deletes one by one are not all gone yet
 * where the first one does not follow the checkpoint.
 */
export function hasDeletedSegments({ wal, metrics }: WalLook): boolean {
	return (
		isCleanedUp(wal) &&
		sumOf(metrics, "prometheus_tsdb_checkpoint_creations_total") > 0
	);
}

function isCleanedUp({ first, checkpoint }: Pick<Wal, "first" | "checkpoint">) {
	return checkpoint === first.number - 1;
}

/** What is deleted, in words, and whether it is less than what was complete. */
export interface Deletion {
	readonly words: string;
	readonly later: boolean;
}

/**
 * Waits until Prometheus has deleted segments, those that it had deleted itself before an earlier look included.
 *
 * @param earlier before Prometheus was killed: a process deletes segments only at a cut, and only once it has four
 * @param data where they are now
 */
export async function waitForDeletedSegments(
	nodes: Nodes,
	data: NodeFolder,
	earlier: WalLook,
): Promise<Deletion> {
	const oldest = earlier.wal.first.number;
	if (hasDeletedSegments(earlier))
		return {
			words: `WAL segments before ${oldest} were deleted after a cut, before Prometheus was killed`,
			later: false,
		};
	const newest = (await readWal(nodes, data)).last.number;
	const first = await eventually(
		"Prometheus deletes segments of its WAL",
		budgets.blockUpload,
		async () => {
			const { first, checkpoint } = await readWal(nodes, data);
			if (first.number === oldest)
				return notYet(`the first segment is still ${oldest}`);
			return isCleanedUp({ first, checkpoint })
				? first.number
				: notYet(
						`the first segment is ${first.number}, the checkpoint ends with ${checkpoint}`,
					);
		},
	);
	// It keeps a third of them, whatever they contain.
	const kept = newest - first;
	return {
		words: `of WAL segments ${oldest} to ${newest}, those before ${first} were deleted after a cut${kept > 0 ? `, and ${kept} that were complete then with later ones: Prometheus deletes the older two thirds at a time` : ""}`,
		later: kept > 0,
	};
}
