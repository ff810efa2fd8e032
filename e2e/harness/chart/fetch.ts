import { join } from "node:path";
import type Dockerode from "dockerode";
import { mapKeys } from "es-toolkit";
import { valid } from "semver";
import { BadInputError, SetUpError } from "../../common/errors.ts";
import { cacheDir } from "../../common/paths.ts";
import { rememberLogins } from "../../common/secrecy/in-urls.ts";
import { withoutLogin } from "../../common/secrecy/without-login.ts";
import { runOneShot, ToolError } from "../docker/one-shot.ts";
import type { Run } from "../run/run.ts";
import { writeWhole } from "../run/whole-file.ts";
import { PinnedChart } from "./chart-pin.ts";
import { HelmError } from "./helm-error.ts";
import { makeHelmSurroundings } from "./helm-surroundings.ts";
import { indexFolder, makeRepositoryLogin } from "./repository-login.ts";
import { readVersions } from "./versions.ts";

/** What is needed to fetch a chart. */
export interface Fetcher {
	readonly docker: Dockerode;
	readonly run: Run;
	/** An image that contains Helm. */
	readonly helmImage: string;
}

/** A chart in a registry or chart repository. */
export interface PublishedChart {
	/** An oci:// reference, or the URL of a chart repository. */
	readonly ref: string;
	/** The newest by default. */
	readonly version: string | undefined;
}

export interface FetchOptions {
	/** What messages call the chart, e.g. "the old chart"; "the chart" by default. */
	readonly role?: string | undefined;
	/** Milliseconds after which Helm is stopped; none by default. */
	readonly limit?: number;
}

/**
 * Pulls a chart with Helm, on the network of this machine. An exact version is pulled once, cached, and pinned.
 *
 * @returns the path of the .tgz
 * @throws BadInputError if the repository answers and does not have the version
 */
export async function fetchChart(
	fetcher: Fetcher,
	published: PublishedChart,
	{ role = "the chart", limit }: FetchOptions = {},
): Promise<string> {
	const { run } = fetcher;
	const { version } = published;
	// A repository of manifests may have named it, and Helm may quote it.
	rememberLogins([published.ref]);
	const ref = withoutLogin(published.ref);
	const { name } = (await readVersions()).chart;
	// Not cached: next time another server may listen at the same port.
	const isLocal = /^[a-z]+:\/\/(localhost|127\.)/.test(ref);
	// A range may mean a newer version next time.
	const isExact = version !== undefined && valid(version) !== null;
	const pinned =
		isExact && !isLocal
			? new PinnedChart(
					join(
						cacheDir("charts"),
						`${ref.replaceAll(/[^a-z0-9.-]+/gi, "_")}-${version}.tgz`,
					),
				)
			: undefined;
	const cached = await pinned?.find();
	if (cached) return cached;
	const surroundings = await makeHelmSurroundings(ref);
	const login = makeRepositoryLogin(published.ref);
	const helm = async (args: readonly string[], take: string, files = {}) => {
		const taken = await runOneShot(fetcher.docker, {
			image: fetcher.helmImage,
			tool: "helm",
			args,
			files: {
				[`${take}/`]: "",
				...surroundings.files,
				...login?.files,
				...files,
			},
			take,
			labels: run.labels,
			network: "host",
			env: { ...surroundings.env, ...login?.env },
			...(limit && { limit }),
		}).catch((error: unknown) => {
			if (!(error instanceof ToolError)) throw error;
			const chart = `${role} ${ref}`;
			const { exitCode, stdout } = error;
			// An update of the index says on its standard output why it failed.
			const stderr = `${stdout}\n${error.stderr}`;
			const cause = new HelmError(
				{ args, chart },
				{ exitCode, stderr },
				{ cause: error },
			);
			throw explainNotLoaded(chart, version, cause);
		});
		return taken.files;
	};
	const index = login
		? mapKeys(
				await helm(updateIndex, indexFolder),
				(_, path) => `${indexFolder}/${path}`,
			)
		: {};
	const pulled = await helm(
		[
			"pull",
			...(ref.startsWith("oci:")
				? [ref]
				: login
					? [`${login.name}/${name}`]
					: [name, `--repo=${ref}`]),
			...(ref.startsWith("oci:") && isLocal ? ["--plain-http"] : []),
			"--destination=pulled",
			...(version ? [`--version=${version}`] : []),
		],
		"pulled",
		index,
	);
	const [file, content] = Object.entries(pulled)[0] ?? [];
	if (!file || !content)
		throw new SetUpError(
			`${role} ${ref} could not be fetched: helm pull succeeded, but pulled no chart`,
		);
	if (pinned) return pinned.keep(content, `${role} ${ref} ${version}`);
	const path = join(run.tempDir, file);
	await writeWhole(path, content);
	return path;
}

const updateIndex = ["repo", "update", "--fail-on-repo-update-fail"];

/** If the repository does not have the version, the input is wrong, not the network. */
function explainNotLoaded(
	chart: string,
	version: string | undefined,
	cause: HelmError,
): BadInputError | SetUpError {
	const { reason } = cause;
	return /not found|no chart version found|improper constraint/i.test(reason)
		? new BadInputError(
				`${chart} has ${version ? `no version ${version}` : "no version"}: ${reason}`,
				{ cause },
			)
		: new SetUpError(`${chart} could not be fetched: ${reason}`, { cause });
}
