import { buffer } from "node:stream/consumers";
import { extract, pack } from "tar-stream";

/** Files by path. A path that ends in `/` is an empty folder. */
export type FileTree = Readonly<Record<string, string | Uint8Array>>;

/** Packs a file tree into a tar archive. */
export async function packTar(files: FileTree): Promise<Buffer> {
	const archive = pack();
	for (const [name, content] of Object.entries(files)) {
		if (name.endsWith("/"))
			archive.entry({ name, type: "directory", mode: 0o755 });
		else archive.entry({ name, mode: 0o644 }, Buffer.from(content));
	}
	archive.finalize();
	return buffer(archive);
}

/** Reads the files of a tar archive; folders are left out. */
export async function unpackTar(
	archive: Uint8Array,
): Promise<Record<string, Buffer>> {
	const files: Record<string, Buffer> = {};
	const entries = extract();
	entries.end(archive);
	for await (const entry of entries) {
		const content = await buffer(entry);
		if (entry.header.type === "file") files[entry.header.name] = content;
	}
	return files;
}
