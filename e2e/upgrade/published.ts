import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { maxSatisfying, valid, validRange } from "semver";
import { BadInputError } from "../common/errors.ts";
import type { ChartOptions } from "../harness/chart/locate.ts";
import { readVersions } from "../harness/chart/versions.ts";

/**
 * The chart that a person names: a version of the published one, or what --chart takes, too.
 *
 * @param repository as in --repository
 * @throws BadInputError
 */
export async function choiceOf(
	name: string,
	repository: string,
): Promise<ChartOptions> {
	if (name === "latest") return publishedChart(undefined, repository);
	const version = /^v?(\d+\.\d+\.\d+\S*)$/.exec(name)?.[1];
	if (version) return publishedChart(version, repository);
	if (/^v?\d+(\.\d+)?$/.test(name))
		throw new BadInputError(
			`${name} is not a complete version: a version of the chart looks like 77.14.0`,
		);
	if (name === "auto")
		throw new BadInputError(
			"auto cannot be compared: name a version, embedded, or a file",
		);
	return { chart: name, version: undefined };
}

/**
 * A version of the published chart.
 *
 * @param version or a range of them; the newest by default
 * @param repository as in --repository: also a folder of packaged charts, for machines without a network
 * @throws BadInputError
 */
export async function publishedChart(
	version: string | undefined,
	repository: string,
): Promise<ChartOptions> {
	if (/^[a-z]+:\/\//.test(repository)) return { chart: repository, version };
	const info = await stat(repository).catch(() => undefined);
	if (!info?.isDirectory())
		throw new BadInputError(
			`--repository ${repository}: it is neither oci://<reference>, nor a URL, nor a folder of packaged charts`,
		);
	const { name } = (await readVersions()).chart;
	// Helm takes commas, too.
	const range = version?.replaceAll(/,\s*/g, " ");
	if (range === undefined || validRange(range) === null)
		throw new BadInputError(
			`--repository ${repository}: which version is ${version ?? "the newest"} is not known from a folder: name it`,
		);
	const chosen = valid(range)
		? range
		: newestIn(await readdir(repository), name, range);
	const file = join(repository, `${name}-${chosen}.tgz`);
	if (chosen === undefined || !(await stat(file).catch(() => undefined)))
		throw new BadInputError(
			`--repository ${repository}: it has no ${chosen === undefined ? `${name} of a version in ${version}` : basename(file)}; put it there with helm pull ${name} --version '${version}' --repo <URL> --destination ${repository}`,
		);
	return { chart: file, version: undefined };
}

/** The newest version in a range of which a folder has the chart, by the names of its files. */
function newestIn(
	files: readonly string[],
	name: string,
	range: string,
): string | undefined {
	const versions = files.flatMap((file) =>
		file.startsWith(`${name}-`) && file.endsWith(".tgz")
			? [file.slice(name.length + 1, -".tgz".length)]
			: [],
	);
	return (
		maxSatisfying(
			versions.filter((each) => valid(each)),
			range,
		) ?? undefined
	);
}
