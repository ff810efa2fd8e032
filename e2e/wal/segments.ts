import type { Nodes } from "../harness/cluster/nodes.ts";
import type { NodeFolder } from "../harness/cluster/prometheus-pod.ts";

/** A file of the WAL, or a checkpoint: a folder. */
export interface Segment {
	/** Its number with leading zeros. */
	readonly name: string;
	readonly number: number;
	/** Bytes. */
	readonly size: number;
	/** When it was last written to, in milliseconds, to the second: no record of a later segment is older. */
	readonly writtenAt: number;
}

/** The WAL in a data folder of Prometheus. */
export interface Wal {
	/** In their order. */
	readonly segments: readonly Segment[];
	readonly first: Segment;
	readonly last: Segment;
	/** With the number of the last segment that it was made of; undefined if there is none. */
	readonly checkpoint: Segment | undefined;
}

/** Reads which segments there are. @throws Error when there are none */
export async function readWal(nodes: Nodes, data: NodeFolder): Promise<Wal> {
	const listing = await nodes.script(
		data.node,
		// Prometheus may delete one between the two steps.
		`cd "$1" || exit 1
		for each in [0-9]* checkpoint.[0-9]*; do
			stat -c "%n %s %Y" "$each" 2>/dev/null
		done; true`,
		walOf(data),
	);
	const files = parseListing(listing);
	const segments = files.filter(({ name }) => /^\d+$/.test(name));
	const [first] = segments;
	const last = segments.at(-1);
	if (!first || !last)
		throw new Error(
			`${walOf(data)} has no segment, only: ${files.map(({ name }) => name).join(", ")}`,
		);
	// The one before stays for a moment when a new one is made.
	const checkpoint = files.findLast(({ name }) =>
		/^checkpoint\.\d+$/.test(name),
	);
	return { segments, first, last, checkpoint };
}

/** Reads lines like `00000007 32768 1700000000`, in the order of their numbers. */
export function parseListing(text: string): Segment[] {
	return text
		.split("\n")
		.filter(Boolean)
		.map((line) => line.split(" "))
		.map(([name = "", size, seconds]) => ({
			name,
			number: Number(/\d+/.exec(name)?.[0]),
			size: Number(size),
			writtenAt: Number(seconds) * 1000,
		}))
		.sort((a, b) => a.number - b.number);
}

/** The bytes of a segment; of one that is being written, those that were there when the reading ended. */
export function readSegment(
	nodes: Nodes,
	data: NodeFolder,
	{ name }: Pick<Segment, "name">,
): Promise<Buffer> {
	return nodes.exec(data.node, ["cat", `${walOf(data)}/${name}`]);
}

/** The folder of the WAL in a data folder. */
export function walOf({ folder }: NodeFolder): string {
	return `${folder}/wal`;
}
