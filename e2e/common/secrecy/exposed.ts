import { glob, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { containsSecret } from "./search.ts";

/**
 * Paths of the files in a folder in which one of these strings stands, as it is or encoded.
 *
 * @param patterns of the files that are looked at
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
