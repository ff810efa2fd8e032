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

/** Reads the counters first: what they say of deletions is then in the files. */
export async function lookAtWal(
	nodes: Nodes,
	data: NodeFolder,
	prometheus: PrometheusClient,
): Promise<WalLook> {
	const metrics = await prometheus.metrics();
	return { wal: await readWal(nodes, data), metrics };
}

/**
 * Whether this process has deleted segments: before it deletes them, it makes a checkpoint of what is still needed
 * (`truncateWAL` in Prometheus' tsdb/head.go), and counts that it begins one. Segments that it deletes one by one are not
 * all gone yet where the first one does not follow the checkpoint.
 */
export function hasDeletedSegments({ wal, metrics }: WalLook): boolean {
	const count = (what: string) =>
		sumOf(metrics, `prometheus_tsdb_${what}_total`);
	return (
		isCleanedUp(wal) &&
		count("checkpoint_creations") > 0 &&
		count("checkpoint_creations_failed") === 0 &&
		count("wal_truncations_failed") === 0
	);
}

function isCleanedUp({ first, checkpoint }: Wal) {
	return checkpoint?.number === first.number - 1;
}

/** What is deleted, in words, and how many segments were kept that were complete then. */
export interface Deletion {
	readonly words: string;
	readonly kept: number;
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
	if (hasDeletedSegments(earlier))
		return describeDeletion(earlier.wal, "before Prometheus was killed");
	const oldest = earlier.wal.first.number;
	const now = await eventually(
		"Prometheus deletes segments of its WAL",
		budgets.blockUpload,
		async () => {
			const wal = await readWal(nodes, data);
			const { first, checkpoint } = wal;
			if (first.number === oldest)
				return notYet(`the first segment is still ${oldest}`);
			return isCleanedUp(wal)
				? wal
				: notYet(
						`the first segment is ${first.number}, the checkpoint ends with ${checkpoint?.number}`,
					);
		},
	);
	return describeDeletion(now, `beginning with segment ${oldest}`);
}

/** What a WAL shows of the last deletion, which its checkpoint was made for. */
export function describeDeletion(
	{ segments, first, checkpoint }: Wal,
	how: string,
): Deletion {
	// No record of a segment is younger than what ends it.
	const kept = segments.filter(
		({ writtenAt }) => checkpoint && writtenAt < checkpoint.writtenAt,
	).length;
	const words = `WAL segments before ${first.number} were deleted after a cut, ${how}`;
	return {
		kept,
		words:
			kept > 0
				? `${words}; ${kept} that were complete then are deleted at a later one, because Prometheus deletes the older two thirds at a time`
				: words,
	};
}
