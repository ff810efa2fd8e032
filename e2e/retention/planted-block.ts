import {
	makeBlock,
	makeOpenMetrics,
	placeBlock,
} from "../blocks/long-block.ts";
import { blockMeta } from "../clients/block-meta.ts";
import { budgets } from "../common/budgets.ts";
import { clusterNow } from "../common/clock/cluster-clock.ts";
import { EnvironmentError } from "../common/errors.ts";
import { makeSelector } from "../common/promql/expressions.ts";
import type { Nodes } from "../harness/cluster/nodes.ts";
import type { PrometheusProcess } from "../harness/cluster/prometheus-pod.ts";
import type { Tools } from "../harness/cluster/tools.ts";
import type { StoredSample } from "../ledger/history.ts";

const second = 1000;
/** promtool makes blocks of this length, aligned, and would split samples on both sides of a boundary. */
const promtoolLength = 2 * 60 * 60 * second;
const count = 60;

/** A block of old samples that promtool made and that was placed among Prometheus' own. */
export interface PlantedBlock {
	readonly ulid: string;
	readonly selector: string;
	readonly samples: readonly StoredSample[];
	/** Milliseconds, exclusive, as a block's. */
	readonly maxTime: number;
}

export interface PlantOptions {
	readonly name: string;
	readonly labels: Readonly<Record<string, string>>;
	/** Milliseconds from the block's `maxTime` to now. */
	readonly age: number;
	/** Whether the sidecar should upload it. */
	readonly forUpload: boolean;
}

/** 60 samples that end right before a time and span at most a minute. */
export function makeSamplesUntil(maxTime: number): StoredSample[] {
	const last = maxTime - 1;
	const room = (last % promtoolLength) / (count - 1);
	const step = Math.max(1, Math.floor(Math.min(second, room)));
	return Array.from({ length: count }, (_, index) => ({
		timestamp: last - (count - 1 - index) * step,
		value: index + 1,
	}));
}

/**
 * Places a block of samples of a certain age among those of Prometheus. If it took so long to make that its age is off,
 * another one is made.
 *
 * @throws EnvironmentError when the machine is too slow
 */
export async function plantBlock(
	tools: Tools,
	nodes: Nodes,
	local: PrometheusProcess,
	{ name, labels, age, forUpload }: PlantOptions,
): Promise<PlantedBlock> {
	const selector = makeSelector(name, labels);
	for (let tries = 0; tries < 3; tries++) {
		const began = clusterNow();
		const maxTime = began - age;
		const samples = makeSamplesUntil(maxTime);
		const { block: ulid, files } = await makeBlock(
			tools,
			makeOpenMetrics(name, selector, samples),
		);
		if (clusterNow() - began > budgets.blockMaking) continue;
		await placeBlock(
			nodes,
			local,
			ulid,
			forUpload ? files : asIfCompacted(files),
		);
		return { ulid, selector, samples, maxTime };
	}
	throw new EnvironmentError(
		`promtool needs more than ${budgets.blockMaking / second} s for a block of ${count} samples`,
	);
}

/**
 * Removes a planted block from the disk: Prometheus compacts blocks that overlap, and a block that a later test plants may
 * overlap with this one. Prometheus may have dropped it already.
 */
export async function removeBlock(
	nodes: Nodes,
	{ data: { node, folder } }: PrometheusProcess,
	{ ulid }: Pick<PlantedBlock, "ulid">,
): Promise<void> {
	await nodes.script(node, 'cd "$1" && rm -rf "$2"', folder, ulid);
}

/** The sidecar does not upload compacted blocks: it would fail at one that is removed meanwhile. */
function asIfCompacted(
	files: Readonly<Record<string, Buffer>>,
): Record<string, Buffer> {
	const meta = blockMeta.parse(JSON.parse(String(files["meta.json"])));
	const compacted = { ...meta, compaction: { ...meta.compaction, level: 2 } };
	return { ...files, "meta.json": Buffer.from(JSON.stringify(compacted)) };
}
