import { resolve } from "node:path";
import type { z } from "zod";
import type { Manifest } from "../clients/kube-objects.ts";
import {
	flagOption,
	listOption,
	patienceOption,
	textOption,
	textOptionOr,
} from "../common/command-options.ts";
import { BadInputError } from "../common/errors.ts";
import type { Release } from "../harness/chart/loaded-chart.ts";
import {
	type ChartOptions,
	checkChartOptions,
} from "../harness/chart/locate.ts";
import { readValuesFile, sayForms } from "../harness/chart/read-values-file.ts";
import type { ValuesFile } from "../harness/chart/values-file.ts";
import { readVersions } from "../harness/chart/versions.ts";
import { homelabValues } from "../harness/set-up/homelab-values.ts";
import {
	caFileOption,
	imagesOption,
	snapshotterOption,
} from "../harness/set-up/options.ts";
import { UpgradeHistory } from "./history/record.ts";
import type { LiveReleaseChoice } from "./live-release.ts";
import { choiceOf } from "./published.ts";
import { repositoryOptions } from "./repository/options.ts";
import { makeNamedChoice, type ToolChoice } from "./tools/choice.ts";
import { toolNames } from "./tools/tool.ts";
import { readOnly, readTrialOptions, type TrialOptions } from "./trial.ts";

/** One side of an upgrade as the person named it. */
export interface ChartChoice {
	/** As the person typed it. */
	readonly name: string;
	readonly chart: ChartOptions;
	readonly values: readonly ValuesFile[];
	/** Rules, dashboards and monitors of the person's that are installed beside it. */
	readonly companions?: readonly Manifest[];
	/** What it is installed as; by default as the homelab's. */
	readonly release?: Release;
	/** For messages. */
	readonly role: "the old chart" | "the new chart" | "a chart in between";
}

/** Where a repository says that a release is to be installed. */
export interface ReleaseOrigin {
	/** e.g. Flux */
	readonly deployer: string;
	readonly file: string;
	readonly line: number;
	/** Whether something differs that is not read, such as ciphertext. */
	readonly hasUnreadChanges: boolean;
	/** What the repository does not say, and what was done about it, a sentence each. */
	readonly unknown: readonly string[];
}

export interface UpgradeOptions extends TrialOptions {
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
	/** The upgrades before this one, to compare with. */
	readonly history?: UpgradeHistory | undefined;
	/** Of a release that was found in a repository. */
	readonly origin?: ReleaseOrigin;
	/** What the upgrade is done with; undefined if nobody says. */
	readonly choice: ToolChoice | undefined;
}

/** The options of `npm run upgrade`. */
export const upgradeOptions = {
	from: textOption(
		"--from <chart>",
		"what is installed: a version of the public chart (77.14.0), pinned, latest, embedded, a folder, a .tgz, oci://<reference> or a chart repository's URL",
	),
	to: textOption("--to <chart>", "what to upgrade to, in the same form"),
	...repositoryOptions,
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
		"your values for the first chart instead of the homelab's: values files, HelmReleases, Applications or the like, the last one wins",
	),
	toValues: listOption(
		"--to-values <file>",
		"your values for the second chart (default: those of the first)",
	),
	with: textOption(
		"--with <tool>",
		`what you upgrade with: ${toolNames.join(", ")} (default: Helm 3 after the CRDs, or with --repo what it says)`,
	),
	plan: flagOption("--plan", "only read and compare both charts: no cluster"),
	checkImages: flagOption(
		"--check-images",
		"ask the registry of each new image whether it is there, with your login",
	),
	skipCrds: flagOption(
		"--skip-crds",
		"do not upgrade the CRDs, whatever the tool does, to see what happens without them",
	),
	applyCrds: flagOption(
		"--apply-crds",
		"apply the new CRDs first, also where the tool of --with leaves them as they are (default: without --with)",
	),
	history: textOption(
		"--history <file>",
		"add the gaps and times of this upgrade to this file, and say what is out of the ordinary (not with --plan or --repo)",
	),
	only: listOption(
		"--only <claim>",
		"test only this claim at each stage, instead of those with the tag upgrade",
	),
	repository: textOption(
		"--repository <ref>",
		"where published versions come from: oci://<reference>, a chart repository's URL, or a folder of .tgz (default: stack/versions.yaml, or with --repo what it says)",
	),
	kubeVersion: textOption(
		"--kube-version <v>",
		"the version of your cluster, e.g. 1.33.0: charts render differently for each (default: the pinned k3s's, or that of the release's cluster)",
	),
	images: imagesOption,
	caFile: caFileOption,
	snapshotter: snapshotterOption,
	patience: patienceOption,
	report: textOptionOr(
		"--report <dir>",
		"where the report goes",
		"upgrade-report",
	),
};

export type RawUpgradeOptions = z.output<z.ZodObject<typeof upgradeOptions>>;

/** Checks everything that can be checked before anything is started. @throws BadInputError */
export async function readUpgradeOptions(
	raw: RawUpgradeOptions,
): Promise<UpgradeOptions> {
	const published = (await readVersions()).chart;
	if (!raw.from && !raw.fromRelease)
		throw new BadInputError(
			"say with --from <chart> or --from-release <name> what is installed, or with --repo <dir> where that is written (--help lists the options)",
		);
	if (!raw.to)
		throw new BadInputError(
			"say with --to <chart> what to upgrade to (--help lists the options)",
		);
	if (!raw.fromRelease && (raw.context || raw.namespace))
		throw new BadInputError(
			"--context and --namespace only say where the release of --from-release is",
		);
	if (raw.base || raw.head || raw.list)
		throw new BadInputError(
			"--base, --head and --list only go with --repo <dir>",
		);
	if (raw.history && raw.plan)
		throw new BadInputError(
			"--history has the gaps and times of upgrades on a cluster: it does not go with --plan",
		);
	const trial = await readTrialOptions(raw);
	const from = await readFiles("--from-values", raw.fromValues);
	const to = await readFiles("--to-values", raw.toValues);
	const own = from.length > 0 ? from : [await homelabValues()];
	const choose = async (flag: string, name: string) => {
		const chart = await choiceOf(
			name === "pinned" ? published.version : name,
			trial.repository,
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
		...trial,
		...sides,
		choice: trial.with && makeNamedChoice(trial.with),
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
		history: raw.history
			? await UpgradeHistory.open(resolve(raw.history))
			: undefined,
		// Last, because reading the claims takes a second.
		only: await readOnly(raw),
	};
}

async function readFiles(flag: string, names: readonly string[]) {
	const files = await Promise.all(
		names.map((name) => readValuesFile(name, flag)),
	);
	sayForms(flag, files);
	return files;
}
