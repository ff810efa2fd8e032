import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { BadInputError, messageOf } from "../../common/errors.ts";
import { projectPath } from "../../common/paths.ts";
import type { Progress } from "../../common/progress.ts";
import { type Fetcher, fetchChart } from "./fetch.ts";
import { readVersions } from "./versions.ts";

/** A chart on this machine's disk. */
export interface LocatedChart {
	/** Its origin: `embedded`, `upstream`, or the reference that was given. */
	readonly source: string;
	readonly path: string;
	/** Whether it is a folder; otherwise it is a .tgz. */
	readonly isFolder: boolean;
}

export interface ChartOptions {
	/** As in --chart: `auto`, `upstream`, `embedded`, a folder, a .tgz, an oci:// reference or a repository's URL. */
	readonly chart: string;
	/** As in --chart-version. */
	readonly version: string | undefined;
}

export interface ChartFetcher extends Fetcher {
	/** Whether images are built: they have other versions than upstream's. */
	readonly builtImages: boolean;
}

const embedded: LocatedChart = {
	source: "embedded",
	path: projectPath("stack", "charts", "kube-prometheus-stack"),
	isFolder: true,
};

/**
 * Checks a chart's reference and version before anything is started.
 *
 * @param flag the option that the reference was given by, for messages
 * @throws BadInputError
 */
export async function checkChartOptions(
	{ chart, version }: ChartOptions,
	flag = "--chart",
): Promise<void> {
	if (["auto", "upstream"].includes(chart) || isRemote(chart)) return;
	if (version) {
		throw new BadInputError(
			`--chart-version says which version of a published chart to take, but ${chart} has only one version`,
		);
	}
	if (chart === "embedded") return;
	const info = await stat(chart).catch(() => undefined);
	if (!info)
		throw new BadInputError(
			`${flag} ${chart}: it is not a file or folder, nor one of the other forms that --help lists`,
		);
	if (info.isDirectory()) {
		if (!existsSync(join(chart, "Chart.yaml")))
			throw new BadInputError(
				`${flag} ${chart}: the folder is not a chart: it has no Chart.yaml`,
			);
		return;
	}
	const list = await execa("tar", ["-tzf", chart], { reject: false });
	if (list.exitCode !== 0 || !/^[^/]+\/Chart\.yaml$/m.test(list.stdout))
		throw new BadInputError(
			`${flag} ${chart}: the file is not a packaged chart (.tgz with a Chart.yaml)`,
		);
}

/** Milliseconds that `auto` waits for upstream's chart before it takes the embedded one. */
const autoLimit = 15_000;

/**
 * Gets the chart onto this machine's disk.
 *
 * @param role what messages call it, e.g. "the old chart"; "the chart" by default
 */
export async function locateChart(
	fetcher: ChartFetcher,
	{ chart, version }: ChartOptions,
	progress: Progress,
	role?: string,
): Promise<LocatedChart> {
	if (chart === "embedded") return embedded;
	if (chart === "auto" && !version) return locateAny(fetcher, progress, role);
	if (chart === "auto" || chart === "upstream") {
		const pinned = await pinnedChart(fetcher);
		const published = { ...pinned, version: version ?? pinned.version };
		return asFile("upstream", await fetchChart(fetcher, published, { role }));
	}
	if (isRemote(chart))
		return asFile(
			chart,
			await fetchChart(fetcher, { ref: chart, version }, { role }),
		);
	const path = resolve(chart);
	const isFolder = (await stat(path)).isDirectory();
	return { source: chart, path, isFolder };
}

/** Takes upstream's pinned chart, or the embedded one if that cannot be fetched. */
async function locateAny(
	fetcher: ChartFetcher,
	progress: Progress,
	role: string | undefined,
): Promise<LocatedChart> {
	const pinned = await pinnedChart(fetcher);
	try {
		const path = await fetchChart(fetcher, pinned, {
			role,
			limit: autoLimit,
		});
		const why = fetcher.builtImages
			? ", the newest for which images can be built"
			: "";
		progress.say(`chart: upstream ${pinned.version}${why}`);
		return asFile("upstream", path);
	} catch (error) {
		progress.say(
			`chart: embedded, because upstream's could not be fetched (${messageOf(error)})`,
		);
		return embedded;
	}
}

async function pinnedChart({ builtImages }: ChartFetcher) {
	const { chart } = await readVersions();
	return {
		ref: `${chart.repository}/${chart.name}`,
		version: builtImages ? chart.versionToBuild : chart.version,
	};
}

function asFile(source: string, path: string): LocatedChart {
	return { source, path, isFolder: false };
}

function isRemote(chart: string): boolean {
	return /^(oci|https?):\/\//.test(chart);
}
