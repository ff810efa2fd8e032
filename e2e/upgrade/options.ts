import { type Command, InvalidArgumentError, Option } from "commander";
import { BadInputError } from "../common/errors.ts";
import type { ValuesFile } from "../harness/chart/values-file.ts";
import {
	type ChartOptions,
	checkChartOptions,
	readVersions,
} from "../harness/chart/locate.ts";
import { chooseForUpgrade } from "../harness/claims/catalogue.ts";
import { homelabValues } from "../harness/set-up/materials.ts";
import {
	checkImagesOption,
	imagesOption,
	makeCommand,
	readValues,
} from "../harness/set-up/options.ts";
import type { LiveReleaseChoice } from "./live-release.ts";

/** One side of an upgrade as the person named it. */
export interface ChartChoice {
	/** As it was typed. */
	readonly name: string;
	readonly chart: ChartOptions;
	readonly values: readonly ValuesFile[];
}

export interface UpgradeOptions {
	readonly from: ChartChoice;
	readonly to: ChartChoice;
	/** Where version and values of the first chart are read from, if not named. */
	readonly fromRelease: LiveReleaseChoice | undefined;
	/** What the person said outright, and a live release therefore does not. */
	readonly named: {
		readonly from: boolean;
		readonly fromValues: boolean;
		readonly toValues: boolean;
	};
	readonly plan: boolean;
	/** Leave the CRDs as the first chart brought them, to see what happens. */
	readonly skipCrds: boolean;
	/** Ids of the claims that are proven at each stage. */
	readonly only: readonly string[];
	readonly images: string;
	/** e.g. 1.33.0 */
	readonly kubeVersion: string | undefined;
	readonly report: string;
	/** Where published versions come from: an OCI reference or a repository's URL. */
	readonly repository: string;
}

export interface RawUpgradeOptions {
	readonly from?: string;
	readonly to: string;
	readonly fromRelease?: string;
	readonly context?: string;
	readonly namespace?: string;
	readonly fromValues: readonly string[];
	readonly toValues: readonly string[];
	readonly plan: boolean;
	readonly skipCrds: boolean;
	readonly only: readonly string[];
	readonly images: string;
	readonly kubeVersion?: string;
	readonly report: string;
	readonly repository?: string;
}

const repeatable = (file: string, files: string[]) => [...files, file];

/** The command line of `npm run upgrade`. */
export function upgradeCommand(): Command {
	return makeCommand(
		"upgrade",
		"Tells whether a chart may be moved from one version to another: safe, review or unsafe, with every reason. Exit codes: 0 safe, 1 unsafe, 4 review, 2 set-up failed or inconclusive, 3 bad input, 130 interrupted.",
	)
		.option(
			"--from <chart>",
			"what is installed: a version of the public chart (77.14.0), pinned, latest, embedded, a folder, a .tgz, oci://<reference> or a chart repository's URL",
		)
		.requiredOption("--to <chart>", "what it shall become, in the same form")
		.option(
			"--from-release <name>",
			"take version and values of the first chart from this release in your cluster, which is only read",
		)
		.option("--context <ctx>", "of your kubeconfig, for --from-release")
		.option("--namespace <ns>", "of the release (the context's)")
		.option(
			"--from-values <file>",
			"your values for the first chart instead of the homelab's; may be given several times, the last wins",
			repeatable,
			[],
		)
		.option(
			"--to-values <file>",
			"your values for the second chart (those of the first)",
			repeatable,
			[],
		)
		.option("--plan", "only read and compare both charts: no cluster", false)
		.option(
			"--skip-crds",
			"leave the CRDs as they are, to see what happens without them",
			false,
		)
		.option(
			"--only <claim>",
			"test this claim at each stage, instead of those that are tagged upgrade; may be given several times",
			repeatable,
			[],
		)
		.option(
			"--repository <ref>",
			"where published versions come from (stack/versions.yaml)",
		)
		.addOption(
			new Option(
				"--kube-version <v>",
				"the version of your cluster, e.g. 1.33.0",
			).argParser((text) => {
				const version = /^v?(\d+\.\d+\.\d+)/.exec(text)?.[1];
				if (version) return version;
				throw new InvalidArgumentError(
					"a version of Kubernetes looks like 1.33.0",
				);
			}),
		)
		.addOption(imagesOption())
		.option("--report <dir>", "where the report goes", "upgrade-report");
}

/** Checks everything that can be checked before anything is started. @throws BadInputError */
export async function readUpgradeOptions(
	raw: RawUpgradeOptions,
): Promise<UpgradeOptions> {
	checkImagesOption(raw.images);
	const only = await chooseForUpgrade(raw.only);
	const published = (await readVersions()).chart;
	const repository =
		raw.repository ??
		(published.repository.startsWith("oci:")
			? `${published.repository}/${published.name}`
			: published.repository);
	if (!raw.from && !raw.fromRelease)
		throw new BadInputError(
			"--from <chart> or --from-release <name> must say what is installed (--help says what there is)",
		);
	if (!raw.fromRelease && (raw.context || raw.namespace))
		throw new BadInputError(
			"--context and --namespace say where the release of --from-release is",
		);
	const from = await readFiles("--from-values", raw.fromValues);
	const to = await readFiles("--to-values", raw.toValues);
	const own = from.length > 0 ? from : [await homelabValues()];
	const choose = async (flag: string, name: string) => {
		const chart = choiceOf(
			name === "pinned" ? published.version : name,
			repository,
		);
		await checkChartOptions(chart, flag);
		return { name, chart };
	};
	return {
		from: { ...(await choose("--from", raw.from ?? "pinned")), values: own },
		to: {
			...(await choose("--to", raw.to)),
			values: to.length > 0 ? to : own,
		},
		named: {
			from: raw.from !== undefined,
			fromValues: from.length > 0,
			toValues: to.length > 0,
		},
		fromRelease: raw.fromRelease
			? {
					release: raw.fromRelease,
					context: raw.context,
					namespace: raw.namespace,
				}
			: undefined,
		plan: raw.plan,
		skipCrds: raw.skipCrds,
		only,
		images: raw.images,
		kubeVersion: raw.kubeVersion,
		report: raw.report,
		repository,
	};
}

function choiceOf(name: string, repository: string): ChartOptions {
	if (name === "latest") return { chart: repository, version: undefined };
	const version = /^v?(\d+\.\d+\.\d+\S*)$/.exec(name)?.[1];
	if (version) return { chart: repository, version };
	if (/^v?\d+(\.\d+)?$/.test(name))
		throw new BadInputError(
			`${name} is no whole version: a version of the chart looks like 77.14.0`,
		);
	if (name === "auto")
		throw new BadInputError(
			"auto is no chart to compare: name a version, embedded, or a file",
		);
	return { chart: name, version: undefined };
}

function readFiles(flag: string, names: readonly string[]) {
	return Promise.all(names.map((name) => readValues(name, flag)));
}
