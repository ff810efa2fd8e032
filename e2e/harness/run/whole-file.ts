import { randomBytes } from "node:crypto";
import { rename, writeFile } from "node:fs/promises";

/**
 * Writes a file that is in place only when it is whole: neither an interruption nor another process sees a part of it.
 *
 * @param mode of a new file, e.g. 0o600 if only this user may read it
 */
export async function writeWhole(
	path: string,
	content: string | Buffer,
	mode?: number,
): Promise<void> {
	const partial = `${path}.${randomBytes(4).toString("hex")}`;
	await writeFile(partial, content, { mode });
	await rename(partial, path);
}

/** Whether a file with this name can be what an interruption of `writeWhole` has left. */
export function isPartialFile(name: string): boolean {
	return /.\.[0-9a-f]{8}$/.test(name);
}
