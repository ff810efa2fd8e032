import type { RestingData } from "../faults/means/stopped-prometheus.ts";
import type { Nodes } from "../harness/cluster/nodes.ts";

/** A segment of a WAL that nobody has open. */
export interface Segment {
	/** Its file's name, its number with leading zeros. */
	readonly name: string;
	readonly content: Buffer;
	/** When it was written to last, in milliseconds: no record of a later segment is older. */
	readonly writtenAt: number;
}

/** Prometheus makes segments of pages, and fills the last one up with zeros. */
const zero = 0;

/** The segments in their order; the checkpoint is none. */
export async function readSegments(
	nodes: Nodes,
	{ node, folder }: RestingData,
): Promise<Segment[]> {
	const wal = `${folder}/wal`;
	const files = await nodes.copyOut(node, wal);
	const times = await nodes.script(
		node,
		'cd "$1" && stat -c "%n %Y" [0-9]*',
		wal,
	);
	const writtenAt = new Map(
		times
			.trim()
			.split("\n")
			.map((line) => line.split(" "))
			.map(([name = "", seconds]) => [name, Number(seconds) * 1000]),
	);
	return Object.entries(files)
		.filter(([name]) => /^\d{8}$/.test(name))
		.map(([name, content]) => ({
			name,
			content,
			writtenAt: writtenAt.get(name) ?? 0,
		}))
		.sort((a, b) => a.name.localeCompare(b.name));
}

/** Lays a segment in the place of the one of its name, with the same owner. */
export async function writeSegment(
	nodes: Nodes,
	{ node, folder }: RestingData,
	{ name, content }: Pick<Segment, "name" | "content">,
): Promise<void> {
	const wal = `${folder}/wal`;
	await nodes.copyIn(node, wal, { [name]: content });
	await nodes.script(node, 'chown "$(stat -c %u:%g "$1")" "$1/$2"', wal, name);
}

/** The last segment that holds a record. @throws Error when there is none */
export function lastWritten(segments: readonly Segment[]): Segment {
	const found = segments.findLast(({ content }) => lengthOf(content) > 0);
	if (!found) throw new Error("no segment of the WAL holds anything");
	return found;
}

/** The same segment without its last bytes: what a machine that loses power in mid-write leaves. */
export function tearLastRecord(content: Buffer): Buffer {
	const torn = 5;
	return content.subarray(0, lengthOf(content) - torn);
}

/** The same segment with bytes turned over in its first record, behind the record's header of 7 bytes. */
export function corruptBeginning(content: Buffer): Buffer {
	const damaged = Buffer.from(content);
	const end = Math.min(lengthOf(content), 24);
	for (let i = 8; i < end; i++) damaged[i] = ~(damaged[i] ?? zero) & 0xff;
	return damaged;
}

/** How many bytes come before the zeros at the end. */
function lengthOf(content: Buffer): number {
	let length = content.length;
	while (length > 0 && content[length - 1] === zero) length -= 1;
	return length;
}
