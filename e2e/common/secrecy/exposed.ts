import { glob, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { containsSecret } from "./search.ts";

/**
 * Finds the files of a folder that contain one of these strings, in plain or encoded.
 *
 * @param patterns globs of the files to read; all by default
 * @returns their paths in the folder
 */
export async function findExposed(
	dir: string,
	secrets: readonly string[],
	patterns: readonly string[] = ["**"],
): Promise<string[]> {
	const exposed: string[] = [];
	const found = glob([...patterns], { cwd: dir, withFileTypes: true });
	for await (const entry of found) {
		const path = join(entry.parentPath, entry.name);
		if (entry.isFile() && containsSecret(await readFile(path), secrets))
			exposed.push(relative(dir, path));
	}
	return exposed.sort();
}
