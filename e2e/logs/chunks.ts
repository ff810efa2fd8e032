import { inflateRawSync } from "node:zlib";

/** The beginning of what gzip has packed, where it has no name. */
const magic = Buffer.from([0x1f, 0x8b, 0x08, 0x00]);
/** Bytes before the packed ones. */
const header = 10;

/**
 * The log lines, among other things, of a chunk as Loki stores it: blocks packed by gzip, which is its default, after
 * a header and before an index of them.
 */
export function readChunk(chunk: Buffer): string {
	const blocks: string[] = [];
	for (
		let start = chunk.indexOf(magic);
		start >= 0;
		start = chunk.indexOf(magic, start + 1)
	) {
		try {
			// Not as gzip, which minds what stands behind a block.
			blocks.push(inflateRawSync(chunk.subarray(start + header)).toString());
		} catch {
			// Bytes that only look like the beginning of a block.
		}
	}
	return blocks.join("\n");
}
