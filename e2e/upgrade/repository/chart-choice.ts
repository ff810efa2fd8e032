import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
	type ChartOptions,
	checkChartOptions,
} from "../../harness/chart/locate.ts";
import { readVersions } from "../../harness/chart/versions.ts";
import type { ChartChoice } from "../options.ts";
import { publishedChart } from "../published.ts";
import type { RepositoryTree } from "./git/tree.ts";
import type { FoundRelease } from "./release.ts";

/** Where charts come from that are not in the repository. */
export interface ChartSources {
	/** As in --repository: what stands for all sources of the repository. */
	readonly instead: string | undefined;
	/** For a release that names none. */
	readonly usual: string;
	/** A folder for charts that are in the repository: the working tree stays as it is. */
	readonly scratch: string;
}

/** One side of an upgrade, as the repository has it. @throws BadInputError */
export async function chooseChart(
	release: FoundRelease,
	tree: RepositoryTree,
	role: ChartChoice["role"],
	sources: ChartSources,
): Promise<ChartChoice> {
	const { chart, values, name, namespace } = release;
	const usual = (await readVersions()).release;
	return {
		role,
		name: chart.path ?? chart.version ?? "the newest version",
		chart: await locate(release, tree, role, sources),
		values,
		release: {
			name: name || usual.name,
			namespace: namespace || usual.namespace,
		},
	};
}

async function locate(
	{ chart: { path, version, source }, place }: FoundRelease,
	tree: RepositoryTree,
	role: string,
	{ instead, usual, scratch }: ChartSources,
): Promise<ChartOptions> {
	if (path === undefined)
		return publishedChart(version, instead ?? source ?? usual);
	const target = join(scratch, role.replaceAll(" ", "-"), path);
	for (const [name, content] of tree.at(path)) {
		const file = name ? join(target, name) : target;
		await mkdir(dirname(file), { recursive: true });
		await writeFile(file, content);
	}
	const chart = { chart: target, version: undefined };
	await checkChartOptions(chart, `${place.file} names ${path}, but`);
	return chart;
}
