import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { projectPath } from "../../common/paths.ts";
import type { SetUpOptions } from "./options.ts";

/** A hash of what a cluster is made from: a kept cluster is only used again for the same inputs. */
export async function inputsOf(options: SetUpOptions): Promise<string> {
	const { fresh: _, ...rest } = options;
	const hash = createHash("sha256").update(JSON.stringify(rest));
	for (const tree of [
		projectPath("stack"),
		projectPath("fixtures"),
		...(existsSync(options.chart) ? [options.chart] : []),
	])
		hash.update(await hashTree(tree));
	return hash.digest("hex");
}

/** A hash of a file, or of all files in a folder. */
async function hashTree(path: string): Promise<string> {
	const isFolder = (await stat(path)).isDirectory();
	const names = isFolder
		? (await readdir(path, { recursive: true, withFileTypes: true }))
				.filter((entry) => entry.isFile())
				.map(({ parentPath, name }) => join(parentPath, name))
				.sort()
		: [path];
	const hash = createHash("sha256");
	for (const name of names) hash.update(name).update(await readFile(name));
	return hash.digest("hex");
}
