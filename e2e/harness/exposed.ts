import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { holds } from "./secrecy.ts";

/** Paths of the files below a folder in which one of these strings stands, as it is or encoded. */
export async function findExposed(
	dir: string,
	secrets: readonly string[],
): Promise<string[]> {
	const entries = await readdir(dir, { recursive: true, withFileTypes: true });
	const paths = entries
		.filter((entry) => entry.isFile())
		.map(({ parentPath, name }) => join(parentPath, name));
	const exposed: string[] = [];
	for (const path of paths.sort())
		if (holds(await readFile(path), secrets)) exposed.push(relative(dir, path));
	return exposed;
}
