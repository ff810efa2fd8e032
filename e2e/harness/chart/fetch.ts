import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type Dockerode from "dockerode";
import { valid } from "semver";
import { BadInputError, SetUpError } from "../../common/errors.ts";
import { cacheDir } from "../../common/paths.ts";
import { runOneShot, ToolError } from "../docker/one-shot.ts";
import type { Run } from "../run/run.ts";
import { helmFailure } from "./helm-error.ts";
import { readVersions } from "./versions.ts";

/** What it takes to fetch a chart. */
export interface Fetcher {
	readonly docker: Dockerode;
	readonly run: Run;
	/** An image that carries Helm. */
	readonly helmImage: string;
}

/** A chart that somebody publishes. */
export interface PublishedChart {
	/** An oci:// reference, or a chart repository's URL. */
	readonly ref: string;
	/** The newest by default. */
	readonly version: string | undefined;
}

/**
 * Pulls a chart by Helm on the machine's own network, once for each version.
 *
 * @param limit milliseconds after which it is given up; none by default
 * @returns the path of its .tgz
 * @throws BadInputError where the repository answers and does not have the version
 */
export async function fetchChart(
	{ docker, run, helmImage }: Fetcher,
	published: PublishedChart,
	limit?: number,
): Promise<string> {
	const { ref, version } = published;
	const { name } = (await readVersions()).chart;
	// Another server may answer at the same port next time.
	const isLocal = /^[a-z]+:\/\/(localhost|127\.)/.test(ref);
	// A range names another version as time goes by.
	const isExact = version !== undefined && valid(version) !== null;
	const cached = join(
		cacheDir("charts"),
		`${ref.replaceAll(/[^a-z0-9.-]+/gi, "_")}-${version}.tgz`,
	);
	const isCacheable = isExact && !isLocal;
	if (isCacheable && existsSync(cached)) return cached;
	const args = [
		"pull",
		...(ref.startsWith("oci:") ? [ref] : [name, `--repo=${ref}`]),
		...(ref.startsWith("oci:") && isLocal ? ["--plain-http"] : []),
		"--destination=pulled",
		...(version ? [`--version=${version}`] : []),
	];
	const { files } = await runOneShot(docker, {
		image: helmImage,
		tool: "helm",
		args,
		files: { "pulled/": "" },
		take: "pulled",
		labels: run.labels,
		network: "host",
		...(limit && { limit }),
	}).catch((error: unknown) => {
		throw error instanceof ToolError
			? explainRefusal(published, helmFailure({ args }, error.stderr))
			: error;
	});
	const [file, content] = Object.entries(files)[0] ?? [];
	if (!file || !content)
		throw new SetUpError(`helm pull ${ref} brought no chart`);
	const path = isCacheable ? cached : join(run.tempDir, file);
	// Another run, or the other chart of an upgrade, must not read half of it.
	const partial = `${path}.${randomBytes(4).toString("hex")}`;
	await writeFile(partial, content);
	await rename(partial, path);
	return path;
}

/** A version that the repository does not have is the person's mistake, not the network's. */
function explainRefusal({ ref, version }: PublishedChart, cause: Error): Error {
	const { message } = cause;
	return /not found|no chart version found|improper constraint/i.test(message)
		? new BadInputError(
				`the chart ${ref} has no version ${version}: ${message}`,
				{ cause },
			)
		: new SetUpError(`the chart ${ref} cannot be fetched: ${message}`, {
				cause,
			});
}
