import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rename, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { GenericContainer, Wait } from "testcontainers";
import { parse } from "yaml";
import { z } from "zod";
import { BadInputError, messageOf, SetUpError } from "./errors.ts";
import { helmError } from "./helm.ts";
import { cacheDir, projectPath } from "./paths.ts";
import type { Progress } from "./progress.ts";
import type { Run } from "./run.ts";

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

/** Looks at --chart and --chart-version before anything is started. @throws BadInputError */
export async function checkChartOptions({
	chart,
	version,
}: ChartOptions): Promise<void> {
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
			`--chart ${chart}: neither a file, a folder, an oci:// reference, a repository's URL, nor one of auto, upstream, embedded`,
		);
	if (info.isDirectory()) {
		if (!existsSync(join(chart, "Chart.yaml")))
			throw new BadInputError(
				`--chart ${chart}: the folder is no chart, for it has no Chart.yaml`,
			);
		return;
	}
	const list = await execa("tar", ["-tzf", chart], { reject: false });
	if (list.exitCode !== 0 || !/^[^/]+\/Chart\.yaml$/m.test(list.stdout))
		throw new BadInputError(
			`--chart ${chart}: the file is no packaged chart (.tgz with a Chart.yaml)`,
		);
}

/**
 * Brings the chart onto this machine's disk.
 *
 * @param helmImage an image that carries Helm, for charts that have to be fetched
 */
export async function locateChart(
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
			return fetchChart(run, helmImage, ref, wanted, "upstream");
		try {
			const located = await fetchChart(run, helmImage, ref, wanted, "upstream");
			progress.say(`chart: upstream ${wanted}`);
			return located;
		} catch (error) {
			progress.say(
				`chart: embedded, for upstream's cannot be had (${messageOf(error)})`,
			);
			return embedded;
		}
	}
	if (isRemote(chart)) return fetchChart(run, helmImage, chart, version, chart);
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

/** Pulls a chart by Helm on the machine's own network, once for each version. */
async function fetchChart(
	run: Run,
	helmImage: string,
	ref: string,
	version: string | undefined,
	source: string,
): Promise<LocatedChart> {
	const { name } = (await readVersions()).chart;
	const cached = join(
		cacheDir("charts"),
		`${ref.replaceAll(/[^a-z0-9.-]+/gi, "_")}-${version}.tgz`,
	);
	if (version && existsSync(cached))
		return { source, path: cached, isFolder: false };
	const target = "/tmp/pulled";
	const plain = /^oci:\/\/(localhost|127\.)/.test(ref) ? ["--plain-http"] : [];
	const what = ref.startsWith("oci:")
		? [ref, ...plain]
		: [name, `--repo=${ref}`];
	const stderr: string[] = [];
	const container = await new GenericContainer(helmImage)
		.withLabels({ ...run.labels })
		.withNetworkMode("host")
		.withCommand([
			"pull",
			...what,
			`--destination=${target}`,
			...(version ? [`--version=${version}`] : []),
		])
		.withLogConsumer((stream) =>
			stream.on("err", (line: string | Buffer) => stderr.push(String(line))),
		)
		.withCopyContentToContainer([{ content: "", target: `${target}/.keep` }])
		.withWaitStrategy(Wait.forOneShotStartup())
		.start()
		.catch((error: unknown) => {
			const said = stderr.join("").trim();
			throw said
				? chartNotFound(ref, version, helmError("pull", said))
				: new SetUpError(`helm pull ${ref}: ${messageOf(error)}`, {
						cause: error,
					});
		});
	try {
		const dir = await mkdtemp(join(run.tempDir, "chart-"));
		const archive = await container.copyArchiveFromContainer(target);
		await execa("tar", ["-x", "--strip-components=1", "-C", dir], {
			input: archive as import("node:stream").Readable,
		});
		const file = (await readdir(dir)).find((each) => each.endsWith(".tgz"));
		if (!file) throw new SetUpError(`helm pull ${ref} brought no chart`);
		if (!version) return { source, path: join(dir, file), isFolder: false };
		await rename(join(dir, file), cached);
		return { source, path: cached, isFolder: false };
	} finally {
		await container.stop();
	}
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
