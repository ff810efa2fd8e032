import { inflateRawSync } from "node:zlib";

/** The first bytes of gzip without a file name. */
const magic = Buffer.from([0x1f, 0x8b, 0x08, 0x00]);
/** Bytes before the compressed data. */
const header = 10;

/**
 * The text of a chunk as Loki stores it, log lines included: blocks compressed by gzip, which is its default, between a
 * header and an index.
 */
export function readChunk(chunk: Buffer): string {
	const blocks: string[] = [];
	for (
		let start = chunk.indexOf(magic);
		start >= 0;
		start = chunk.indexOf(magic, start + 1)
	) {
		try {
			// Not as gzip, which rejects what follows a block.
			blocks.push(inflateRawSync(chunk.subarray(start + header)).toString());
		} catch {
			// Bytes that only look like the start of a block.
		}
	}
	return blocks.join("\n");
}
