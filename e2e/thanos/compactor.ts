import type { BlockMeta } from "../clients/block-meta.ts";
import { growthOf, parseExposition, sumOf } from "../clients/exposition.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { budgets } from "../common/budgets.ts";
import { formatDuration } from "../common/duration.ts";
import { eventually, HopelessError, notYet } from "../common/eventually.ts";
import {
	describeNarrowing,
	readArguments,
	readConsistencyDelay,
} from "./arguments.ts";
import { findOverlaps } from "./overlaps.ts";

const service = "thanos-compact";
const iterations = "thanos_compact_iterations_total";

/**
 * Waits until the compactor has read these blocks and has decided what to keep: it applies its retention at the end of
 * an iteration, and one may be under way already.
 *
 * @throws HopelessError when it has halted, or leaves blocks alone until they are older than anybody waits here
 */
export async function waitForCompactor(
	kube: KubeClient,
	namespace: string,
	blocks: readonly BlockMeta[],
): Promise<void> {
	const compactor = kube.proxy({
		namespace,
		kind: "services",
		name: service,
		port: 10902,
	});
	const read = async () =>
		parseExposition((await compactor.get("/metrics")).text);
	const before = await read();
	await eventually(
		"the compactor has looked at every block, and decided what to keep",
		budgets.scrapeInterval,
		async () => {
			const metrics = await read();
			if (sumOf(metrics, "thanos_compact_halted") > 0)
				throw new HopelessError(
					`it has halted: ${findOverlaps(blocks)[0] ?? "its log says which blocks it cannot read"}`,
				);
			const ended = growthOf(iterations, before, metrics);
			if (ended < 2) return notYet(`it has ended ${ended} iterations of two`);
			const loaded = metrics.filter(
				({ name, labels }) =>
					name === "thanos_blocks_meta_synced" && labels.state === "loaded",
			);
			const count = sumOf(loaded, "thanos_blocks_meta_synced");
			if (count >= blocks.length) return;
			const args = await readArguments(kube, namespace, service);
			const seen = `it knows ${count} of ${blocks.length} blocks${describeNarrowing(args)}`;
			const delay = readConsistencyDelay(args);
			if (delay > budgets.scrapeInterval)
				throw new HopelessError(
					`${seen}; it reads none that is younger than ${formatDuration(delay)} (--consistency-delay)`,
				);
			return notYet(seen);
		},
	);
}
