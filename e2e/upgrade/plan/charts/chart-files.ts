import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { gunzipSync } from "node:zlib";
import { unpackTar } from "../../../common/tar.ts";
import type { LocatedChart } from "../../../harness/chart/locate.ts";

/** The files of a chart by their path in it, including those of packed subcharts. */
export async function readChartFiles({
	path,
	isFolder,
}: LocatedChart): Promise<Map<string, string>> {
	if (!isFolder) return unpackChart(await readFile(path));
	const files = new Map<string, string>();
	for (const entry of await readdir(path, {
		recursive: true,
		withFileTypes: true,
	})) {
		if (!entry.isFile()) continue;
		const file = join(entry.parentPath, entry.name);
		await addFile(files, relative(path, file), await readFile(file));
	}
	return files;
}

async function unpackChart(packed: Uint8Array): Promise<Map<string, string>> {
	const files = new Map<string, string>();
	// A packed chart holds one folder with the chart's name.
	for (const [name, content] of Object.entries(
		await unpackTar(gunzipSync(packed)),
	))
		await addFile(files, name.slice(name.indexOf("/") + 1), content);
	return files;
}

async function addFile(
	files: Map<string, string>,
	name: string,
	content: Buffer,
): Promise<void> {
	const packed = /^(.*charts\/)([^/]+?)-\d[^/]*\.tgz$/.exec(name);
	if (!packed) {
		files.set(name, content.toString());
		return;
	}
	const [, folder = "", chart = ""] = packed;
	for (const [inner, text] of await unpackChart(content))
		files.set(`${folder}${chart}/${inner}`, text);
}
