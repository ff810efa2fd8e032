import type { z } from "zod";
import {
	flagOption,
	listOption,
	patienceOption,
	requiredOption,
	textOption,
	textOptionOr,
} from "../common/command-options.ts";
import { BadInputError } from "../common/errors.ts";
import {
	type ChartOptions,
	checkChartOptions,
} from "../harness/chart/locate.ts";
import type { ValuesFile } from "../harness/chart/values-file.ts";
import { readVersions } from "../harness/chart/versions.ts";
import { chooseForUpgrade } from "../harness/claims/catalogue.ts";
import { homelabValues } from "../harness/set-up/homelab-values.ts";
import {
	checkImagesOption,
	checkSnapshotterOption,
	imagesOption,
	readValuesFile,
	snapshotterOption,
} from "../harness/set-up/options.ts";
import type { LiveReleaseChoice } from "./live-release.ts";

/** One side of an upgrade as the person named it. */
export interface ChartChoice {
	/** As the person typed it. */
	readonly name: string;
	readonly chart: ChartOptions;
	readonly values: readonly ValuesFile[];
	/** For messages. */
	readonly role: "the old chart" | "the new chart" | "a chart in between";
}

export interface UpgradeOptions {
	readonly from: ChartChoice;
	readonly to: ChartChoice;
	/** Where version and values of the first chart are read from, unless they are named. */
	readonly fromRelease: LiveReleaseChoice | undefined;
	/** What the person named, so that it is not taken from a live release. */
	readonly named: {
		readonly from: boolean;
		readonly fromValues: boolean;
		readonly toValues: boolean;
	};
	readonly plan: boolean;
	/** Ask registries for new images. */
	readonly checkImages: boolean;
	/** Leave the first chart's CRDs as they are, to see what happens. */
	readonly skipCrds: boolean;
	/** Ids of the claims that are tested at each stage. */
	readonly only: readonly string[];
	readonly images: string;
	/** As in --snapshotter. */
	readonly snapshotter: string | undefined;
	/** e.g. 1.33.0 */
	readonly kubeVersion: string | undefined;
	readonly report: string;
	/** Where published versions come from: an OCI reference or a repository's URL. */
	readonly repository: string;
}

/** The options of `npm run upgrade`. */
export const upgradeOptions = {
	from: textOption(
		"--from <chart>",
		"what is installed: a version of the public chart (77.14.0), pinned, latest, embedded, a folder, a .tgz, oci://<reference> or a chart repository's URL",
	),
	to: requiredOption("--to <chart>", "what to upgrade to, in the same form"),
	fromRelease: textOption(
		"--from-release <name>",
		"take version and values of the first chart from this release in your cluster, where nothing is changed",
	),
	context: textOption(
		"--context <ctx>",
		"context of your kubeconfig, for --from-release",
	),
	namespace: textOption(
		"--namespace <ns>",
		"namespace of the release (default: the context's)",
	),
	fromValues: listOption(
		"--from-values <file>",
		"your values for the first chart instead of the homelab's, the last file wins",
	),
	toValues: listOption(
		"--to-values <file>",
		"your values for the second chart (default: those of the first)",
	),
	plan: flagOption("--plan", "only read and compare both charts: no cluster"),
	checkImages: flagOption(
		"--check-images",
		"ask the registry of each new image whether it is there, with your login",
	),
	skipCrds: flagOption(
		"--skip-crds",
		"do not upgrade the CRDs, to see what happens without them",
	),
	only: listOption(
		"--only <claim>",
		"test only this claim at each stage, instead of those with the tag upgrade",
	),
	repository: textOption(
		"--repository <ref>",
		"where published versions come from (default: stack/versions.yaml)",
	),
	kubeVersion: textOption(
		"--kube-version <v>",
		"the version of your cluster, e.g. 1.33.0",
	),
	images: imagesOption,
	snapshotter: snapshotterOption,
	patience: patienceOption,
	report: textOptionOr(
		"--report <dir>",
		"where the report goes",
		"upgrade-report",
	),
};

type RawUpgradeOptions = z.output<z.ZodObject<typeof upgradeOptions>>;

/** Checks everything that can be checked before anything is started. @throws BadInputError */
export async function readUpgradeOptions(
	raw: RawUpgradeOptions,
): Promise<UpgradeOptions> {
	checkImagesOption(raw.images);
	checkSnapshotterOption(raw.snapshotter);
	const published = (await readVersions()).chart;
	const repository =
		raw.repository ??
		(published.repository.startsWith("oci:")
			? `${published.repository}/${published.name}`
			: published.repository);
	if (!raw.from && !raw.fromRelease)
		throw new BadInputError(
			"--from <chart> or --from-release <name> must say what is installed (--help lists the options)",
		);
	if (!raw.fromRelease && (raw.context || raw.namespace))
		throw new BadInputError(
			"--context and --namespace only say where the release of --from-release is",
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
	const sides = {
		from: {
			...(await choose("--from", raw.from ?? "pinned")),
			role: "the old chart",
			values: own,
		},
		to: {
			...(await choose("--to", raw.to)),
			role: "the new chart",
			values: to.length > 0 ? to : own,
		},
	} as const;
	return {
		...sides,
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
		checkImages: raw.checkImages,
		skipCrds: raw.skipCrds,
		// Last, because reading the claims takes a second. A plan tests none.
		only:
			raw.plan && raw.only.length === 0 ? [] : await chooseForUpgrade(raw.only),
		images: raw.images,
		snapshotter: raw.snapshotter,
		kubeVersion: readKubeVersion(raw.kubeVersion),
		report: raw.report,
		repository,
	};
}

function readKubeVersion(text: string | undefined): string | undefined {
	const version = /^v?(\d+\.\d+\.\d+)/.exec(text ?? "")?.[1];
	if (text !== undefined && !version)
		throw new BadInputError(
			`--kube-version ${text}: a version of Kubernetes looks like 1.33.0`,
		);
	return version;
}

function choiceOf(name: string, repository: string): ChartOptions {
	if (name === "latest") return { chart: repository, version: undefined };
	const version = /^v?(\d+\.\d+\.\d+\S*)$/.exec(name)?.[1];
	if (version) return { chart: repository, version };
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

function readFiles(flag: string, names: readonly string[]) {
	return Promise.all(names.map((name) => readValuesFile(name, flag)));
}
