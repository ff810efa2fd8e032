import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { gunzipSync } from "node:zlib";
import { parse } from "yaml";
import { stringAt } from "../../../common/parsing/yaml-map.ts";
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
	const folder = /^((?:.*\/)?charts\/)[^/]+\.tgz$/.exec(name)?.[1];
	if (folder === undefined) {
		files.set(name, content.toString());
		return;
	}
	const inner = await unpackChart(content);
	// The name of the file may end with any version, such as v1.14.0; the chart says its own name.
	const chart = stringAt(parse(inner.get("Chart.yaml") ?? "{}"), "name");
	for (const [path, text] of inner)
		files.set(`${folder}${chart ?? name.slice(folder.length)}/${path}`, text);
}
