import { inflateRawSync } from "node:zlib";
import { SetUpError } from "../../common/errors.ts";

/** The signature at the end of an archive, and its length without a comment. */
const end = { signature: 0x06054b50, length: 22 } as const;
const entryLength = 46;
const headerLength = 30;
const deflated = 8;

/**
 * Reads the files of a zip archive. Checksums are not compared: the caller knows the content's own.
 *
 * @throws SetUpError if it is none, or of a form that Go modules never have
 */
export function readZip(archive: Buffer): Map<string, Buffer> {
	const at = archive.lastIndexOf(
		Buffer.from(Uint32Array.of(end.signature).buffer),
	);
	if (at < 0 || at + end.length > archive.length)
		throw new SetUpError("it is no zip archive");
	const count = archive.readUInt16LE(at + 10);
	const files = new Map<string, Buffer>();
	let entry = archive.readUInt32LE(at + 16);
	try {
		for (let i = 0; i < count; i++) {
			const nameLength = archive.readUInt16LE(entry + 28);
			const nameAt = entry + entryLength;
			const name = archive.toString("utf8", nameAt, nameAt + nameLength);
			if (!name.endsWith("/")) files.set(name, readContent(archive, entry));
			entry =
				nameAt +
				nameLength +
				archive.readUInt16LE(entry + 30) +
				archive.readUInt16LE(entry + 32);
		}
	} catch (cause) {
		throw new SetUpError("its zip archive is damaged", { cause });
	}
	return files;
}

/** @param entry where the file is described in the archive's table of contents */
function readContent(archive: Buffer, entry: number): Buffer {
	const method = archive.readUInt16LE(entry + 10);
	const length = archive.readUInt32LE(entry + 20);
	const header = archive.readUInt32LE(entry + 42);
	const start =
		header +
		headerLength +
		archive.readUInt16LE(header + 26) +
		archive.readUInt16LE(header + 28);
	const content = archive.subarray(start, start + length);
	return method === deflated ? inflateRawSync(content) : content;
}
