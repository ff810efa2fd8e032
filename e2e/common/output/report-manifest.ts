import { existsSync } from "node:fs";
import { appendFile, readFile, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, isAbsolute, join, normalize, relative } from "node:path";

/**
 * Lists what a report of ours has written into its folder: the next report removes these files, and no others. The folder
 * is the person's, and may be any.
 */
const manifestName = ".o11y-e2e-report";

const heading =
	"# written by o11y-e2e: its next report here removes these files, and no others";

/** Begins the list of a folder's report. @param writer who writes the report, for messages */
export async function beginManifest(
	dir: string,
	writer: string,
): Promise<void> {
	await writeFile(join(dir, manifestName), `${heading}\n# ${writer}\n`);
}

/** Who wrote the last report into a folder; undefined if none did. */
export async function readWriter(dir: string): Promise<string | undefined> {
	const lines = await readLines(dir);
	return lines?.[1]?.replace(/^# /, "");
}

/** Whether a folder has a report of ours. */
export function hasManifest(dir: string): boolean {
	return existsSync(join(dir, manifestName));
}

/** The files of a folder's report, relative to it. */
export async function readManifest(dir: string): Promise<string[]> {
	const lines = (await readLines(dir)) ?? [];
	const paths = lines.filter((line) => line && !line.startsWith("#"));
	// Somebody may have edited it.
	const inside = paths
		.map((path) => normalize(path))
		.filter((path) => !isAbsolute(path) && !/^\.\.(\/|$)/.test(path));
	return [...new Set(inside)];
}

async function readLines(dir: string): Promise<string[] | undefined> {
	const text = await readFile(join(dir, manifestName), "utf8").catch(
		() => undefined,
	);
	return text?.split("\n");
}

const noted = new Set<string>();

/** Adds a file to the list of the report that it belongs to, before it is written; claims do so from several threads. */
export async function noteReportFile(path: string): Promise<void> {
	const dir = findReport(dirname(path));
	if (!dir || noted.has(path)) return;
	noted.add(path);
	await appendFile(join(dir, manifestName), `${relative(dir, path)}\n`);
}

/** What reports of ours have listed in a folder, which may be a part of a report's; relative to it. */
export async function readManifestBelow(dir: string): Promise<string[]> {
	const whole = findReport(dir);
	if (!whole) return [];
	const inside = (await readManifest(whole)).map((path) =>
		relative(dir, join(whole, path)),
	);
	return inside.filter((path) => !path.startsWith(".."));
}

/** The nearest folder above that has a report of ours. */
function findReport(dir: string): string | undefined {
	if (hasManifest(dir)) return dir;
	const above = dirname(dir);
	return above === dir ? undefined : findReport(above);
}

/** Removes a report's files, its list, and folders that this empties. */
export async function removeReport(dir: string): Promise<void> {
	const paths = await readManifest(dir);
	for (const path of paths) {
		// A person may have put a folder of that name there.
		await rm(join(dir, path), { force: true }).catch(() => undefined);
		noted.delete(join(dir, path));
	}
	const folders = new Set(paths.flatMap(foldersOf));
	const deepestFirst = [...folders].sort((a, b) => b.length - a.length);
	// One with other files stays.
	for (const folder of deepestFirst)
		await rmdir(join(dir, folder)).catch(() => undefined);
	await rm(join(dir, manifestName), { force: true });
}

function foldersOf(path: string): string[] {
	const above = dirname(path);
	return above === "." ? [] : [above, ...foldersOf(above)];
}
