import type { Nodes } from "../harness/cluster/nodes.ts";
import type { PrometheusProcess } from "../harness/cluster/prometheus-pod.ts";

/** The WAL on Prometheus' disk, its segments and its checkpoint by their numbers. */
export interface Wal {
	readonly first: number;
	readonly last: number;
	/** The last segment that the checkpoint was made of; none where there is no checkpoint. */
	readonly checkpoint: number | undefined;
}

/** Reads which segments there are. @throws Error when there are none */
export async function readWal(
	nodes: Nodes,
	{ process, dataDir }: PrometheusProcess,
): Promise<Wal> {
	const names = (await nodes.script(process.node, 'ls "$1"', `${dataDir}/wal`))
		.split("\n")
		.filter(Boolean);
	const segments = names
		.filter((name) => /^\d+$/.test(name))
		.map(Number)
		.sort((a, b) => a - b);
	const [first] = segments;
	const last = segments.at(-1);
	if (first === undefined || last === undefined)
		throw new Error(`${dataDir}/wal holds no segment: ${names.join(", ")}`);
	// The one before stays for a moment when a new one is made.
	const checkpoint = names
		.flatMap((name) => /^checkpoint\.(\d+)$/.exec(name)?.[1] ?? [])
		.map(Number)
		.sort((a, b) => a - b)
		.at(-1);
	return { first, last, checkpoint };
}

/** A segment's size in bytes, and a digest of its beginning. */
export interface SegmentState {
	readonly size: number;
	readonly digest: string;
}

/** @param length how many bytes from its beginning are digested; all unless told */
export async function readSegmentState(
	nodes: Nodes,
	{ process, dataDir }: PrometheusProcess,
	segment: number,
	length?: number,
): Promise<SegmentState> {
	const { node } = process;
	const file = `${dataDir}/wal/${String(segment).padStart(8, "0")}`;
	const size = Number(await nodes.script(node, 'wc -c < "$1"', file));
	// What is written meanwhile lies behind that.
	const digest = await nodes.script(
		node,
		'head -c "$2" "$1" | sha256sum',
		file,
		String(length ?? size),
	);
	return { size, digest };
}
