import type { IrreversibleFault } from "../common/fault.ts";
import { formatMoment } from "../common/time-range.ts";
import type { Nodes } from "../harness/cluster/nodes.ts";
import type { NodeFolder } from "../harness/cluster/prometheus-pod.ts";
import { readSegment, readWal, type Segment, walOf } from "./segments.ts";

/** An empty segment after the last. Like every damage here, it needs a WAL that no process has open. */
export function makeEmptySegment(
	nodes: Nodes,
	data: NodeFolder,
): IrreversibleFault {
	return {
		name: "the WAL ends with an empty segment",
		inflict: async () => {
			const { last } = await readWal(nodes, data);
			const name = String(last.number + 1).padStart(8, "0");
			await writeSegment(nodes, data, name, Buffer.alloc(0));
		},
	};
}

/** The last record lacks its last bytes, as after a loss of power during a write. */
export function makeTornRecord(
	nodes: Nodes,
	data: NodeFolder,
): IrreversibleFault<Segment> {
	return {
		name: "the last record of the WAL is torn",
		inflict: async () => {
			const { segment, content } = await readLastWritten(nodes, data);
			await writeSegment(nodes, data, segment.name, tearLastRecord(content));
			return segment;
		},
	};
}

/** What is known of a WAL with a corrupted segment. */
interface Corruption {
	/** When the segment before it was last written to, in milliseconds; 0 if there was none. */
	readonly soundUntil: number;
}

/**
 * Bytes are inverted at the beginning of the first segment that may hold a record from after a moment. Prometheus drops
 * everything after the damage, later segments included.
 *
 * @param since the moment, in milliseconds
 */
export function makeCorruptedSegment(
	nodes: Nodes,
	data: NodeFolder,
	since: number,
): IrreversibleFault<Corruption> {
	return {
		name: "a segment of the WAL is corrupted",
		inflict: async () => {
			const { segments } = await readWal(nodes, data);
			// The file system's times are known to the second.
			const hit = segments.find(({ writtenAt }) => writtenAt + 1000 > since);
			if (!hit)
				throw new Error(
					`no segment of the WAL was written to since ${formatMoment(since)}`,
				);
			const content = await readSegment(nodes, data, hit);
			await writeSegment(nodes, data, hit.name, corruptBeginning(content));
			return {
				soundUntil: segments[segments.indexOf(hit) - 1]?.writtenAt ?? 0,
			};
		},
	};
}

/** The last segment that holds a record. @throws Error when there is none */
async function readLastWritten(
	nodes: Nodes,
	data: NodeFolder,
): Promise<{ segment: Segment; content: Buffer }> {
	const { segments } = await readWal(nodes, data);
	for (const segment of segments.toReversed()) {
		const content = await readSegment(nodes, data, segment);
		if (lengthOf(content) > 0) return { segment, content };
	}
	throw new Error("no segment of the WAL holds anything");
}

/** Writes a segment, or replaces the one of this name, with the folder's owner. */
async function writeSegment(
	nodes: Nodes,
	data: NodeFolder,
	name: string,
	content: Buffer,
): Promise<void> {
	const wal = walOf(data);
	await nodes.copyIn(data.node, wal, { [name]: content });
	await nodes.script(
		data.node,
		'chown "$(stat -c %u:%g "$1")" "$1/$2"',
		wal,
		name,
	);
}

/** The same segment without the last bytes of its last record. */
export function tearLastRecord(content: Buffer): Buffer {
	const torn = 5;
	return content.subarray(0, lengthOf(content) - torn);
}

/** The same segment with bytes inverted in its first record, after the record's header of 7 bytes. */
export function corruptBeginning(content: Buffer): Buffer {
	const damaged = Buffer.from(content);
	const end = Math.min(lengthOf(content), 24);
	for (let i = 8; i < end; i++) damaged[i] = ~(content[i] ?? 0) & 0xff;
	return damaged;
}

/** The length without the zeros that Prometheus pads the last page with. */
function lengthOf(content: Buffer): number {
	return content.findLastIndex((byte) => byte !== 0) + 1;
}
