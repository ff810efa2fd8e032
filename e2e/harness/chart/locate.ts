import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type Dockerode from "dockerode";
import { execa } from "execa";
import { valid } from "semver";
import { parse } from "yaml";
import { z } from "zod";
import { BadInputError, messageOf, SetUpError } from "../../common/errors.ts";
import { cacheDir, projectPath } from "../../common/paths.ts";
import type { Progress } from "../../common/progress.ts";
import { runOneShot, ToolError } from "../docker/one-shot.ts";
import type { Run } from "../run/run.ts";
import { helmError } from "./helm.ts";

/** A chart on this machine's disk. */
export interface LocatedChart {
	/** Where it came from: `embedded`, `upstream`, or the reference that was given. */
	readonly source: string;
	readonly path: string;
	/** A folder, or else a .tgz. */
	readonly isFolder: boolean;
}

const versions = z.object({
	chart: z.object({
		name: z.string(),
		repository: z.string(),
		version: z.string(),
	}),
	release: z.object({ name: z.string(), namespace: z.string() }),
});

/** Reads stack/versions.yaml. */
export async function readVersions(): Promise<z.infer<typeof versions>> {
	const text = await readFile(projectPath("stack", "versions.yaml"), "utf8");
	return versions.parse(parse(text));
}

export interface ChartOptions {
	/** As in --chart: `auto`, `upstream`, `embedded`, a folder, a .tgz, an oci:// reference or a repository's URL. */
	readonly chart: string;
	/** As in --chart-version. */
	readonly version: string | undefined;
}

const embedded: LocatedChart = {
	source: "embedded",
	path: projectPath("stack", "charts", "kube-prometheus-stack"),
	isFolder: true,
};

/**
 * Looks at a chart's reference and version before anything is started.
 *
 * @param flag the option that gave the reference, for messages
 * @throws BadInputError
 */
export async function checkChartOptions(
	{ chart, version }: ChartOptions,
	flag = "--chart",
): Promise<void> {
	if (["auto", "upstream"].includes(chart) || isRemote(chart)) return;
	if (version) {
		throw new BadInputError(
			`--chart-version says which version of a published chart to take; ${chart} has the one it has`,
		);
	}
	if (chart === "embedded") return;
	const info = await stat(chart).catch(() => undefined);
	if (!info)
		throw new BadInputError(
			`${flag} ${chart}: there is no such file or folder, and it is nothing else that a chart can be named by (--help says what is)`,
		);
	if (info.isDirectory()) {
		if (!existsSync(join(chart, "Chart.yaml")))
			throw new BadInputError(
				`${flag} ${chart}: the folder is no chart, for it has no Chart.yaml`,
			);
		return;
	}
	const list = await execa("tar", ["-tzf", chart], { reject: false });
	if (list.exitCode !== 0 || !/^[^/]+\/Chart\.yaml$/m.test(list.stdout))
		throw new BadInputError(
			`${flag} ${chart}: the file is no packaged chart (.tgz with a Chart.yaml)`,
		);
}

/**
 * Brings the chart onto this machine's disk.
 *
 * @param helmImage an image that carries Helm, for charts that have to be fetched
 */
export async function locateChart(
	docker: Dockerode,
	run: Run,
	helmImage: string,
	{ chart, version }: ChartOptions,
	progress: Progress,
): Promise<LocatedChart> {
	if (chart === "embedded") return embedded;
	if (chart === "auto" || chart === "upstream") {
		const pinned = (await readVersions()).chart;
		const ref = `${pinned.repository}/${pinned.name}`;
		const wanted = version ?? pinned.version;
		if (chart === "upstream" || version)
			return fetchChart(docker, run, helmImage, ref, wanted, "upstream");
		try {
			const located = await fetchChart(
				docker,
				run,
				helmImage,
				ref,
				wanted,
				"upstream",
				autoLimit,
			);
			progress.say(`chart: upstream ${wanted}`);
			return located;
		} catch (error) {
			progress.say(
				`chart: embedded, for upstream's cannot be had (${messageOf(error)})`,
			);
			return embedded;
		}
	}
	if (isRemote(chart))
		return fetchChart(docker, run, helmImage, chart, version, chart);
	const path = resolve(chart);
	return {
		source: chart,
		path,
		isFolder: (await stat(path)).isDirectory(),
	};
}

function isRemote(chart: string): boolean {
	return /^(oci|https?):\/\//.test(chart);
}

/** How long `auto` waits for upstream's chart before it takes the embedded one. */
const autoLimit = 15_000;

/** Pulls a chart by Helm on the machine's own network, once for each version. */
async function fetchChart(
	docker: Dockerode,
	run: Run,
	helmImage: string,
	ref: string,
	version: string | undefined,
	source: string,
	limit?: number,
): Promise<LocatedChart> {
	const { name } = (await readVersions()).chart;
	// Another server may answer at the same port next time.
	const isLocal = /^[a-z]+:\/\/(localhost|127\.)/.test(ref);
	const cached = join(
		cacheDir("charts"),
		`${ref.replaceAll(/[^a-z0-9.-]+/gi, "_")}-${version}.tgz`,
	);
	// A range names another version as time goes by.
	const isExact = version !== undefined && valid(version) !== null;
	if (isExact && !isLocal && existsSync(cached))
		return { source, path: cached, isFolder: false };
	const plain = isLocal ? ["--plain-http"] : [];
	const what = ref.startsWith("oci:")
		? [ref, ...plain]
		: [name, `--repo=${ref}`];
	const { files } = await runOneShot(docker, {
		image: helmImage,
		tool: "helm",
		args: [
			"pull",
			...what,
			"--destination=pulled",
			...(version ? [`--version=${version}`] : []),
		],
		files: { "pulled/": "" },
		take: "pulled",
		labels: run.labels,
		network: "host",
		...(limit && { limit }),
	}).catch((error: unknown) => {
		throw error instanceof ToolError
			? chartNotFound(ref, version, helmError("pull", error.stderr))
			: error;
	});
	const [file, content] = Object.entries(files)[0] ?? [];
	if (!file || !content)
		throw new SetUpError(`helm pull ${ref} brought no chart`);
	const path = isExact && !isLocal ? cached : join(run.tempDir, file);
	// Another run, or the other chart of an upgrade, must not read half of it.
	const partial = `${path}.${randomBytes(4).toString("hex")}`;
	await writeFile(partial, content);
	await rename(partial, path);
	return { source, path, isFolder: false };
}

/** A version that the repository answers for but does not have is the person's mistake, not the network's. */
function chartNotFound(ref: string, version: string | undefined, error: Error) {
	if (
		!/not found|no chart version found|improper constraint/i.test(error.message)
	)
		return new SetUpError(error.message, { cause: error });
	return new BadInputError(
		`the chart ${ref} has no version ${version}: ${error.message}`,
		{ cause: error },
	);
}
