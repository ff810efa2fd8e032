import { BadInputError } from "../common/errors.ts";
import { readVersions } from "../harness/chart/versions.ts";
import { chooseForUpgrade } from "../harness/claims/catalogue.ts";
import {
	checkImagesOption,
	checkSnapshotterOption,
	trustCaFile,
} from "../harness/set-up/options.ts";
import { readToolName } from "./tools/choice.ts";
import type { ToolName } from "./tools/tool.ts";

/** How an upgrade is tried, whichever charts it is from and to. */
export interface TrialOptions {
	readonly plan: boolean;
	/** Ask registries for new images. */
	readonly checkImages: boolean;
	/** Leave the first chart's CRDs as they are, to see what happens. */
	readonly skipCrds: boolean;
	/** Apply the second chart's CRDs first, also where the tool does not. */
	readonly applyCrds: boolean;
	/** Ids of the claims that are tested at each stage. */
	readonly only: readonly string[];
	readonly images: string;
	/** As in --snapshotter. */
	readonly snapshotter: string | undefined;
	/** e.g. 1.33.0 */
	readonly kubeVersion: string | undefined;
	readonly report: string;
	/** As in --with. */
	readonly with: ToolName | undefined;
	/** Where published versions come from: an OCI reference or a repository's URL. */
	readonly repository: string;
}

/** What the options of a trial are read from. */
interface RawTrialOptions {
	readonly plan: boolean;
	readonly checkImages: boolean;
	readonly skipCrds: boolean;
	readonly applyCrds: boolean;
	readonly only: readonly string[];
	readonly images: string;
	readonly caFile?: string | undefined;
	readonly snapshotter?: string | undefined;
	readonly kubeVersion?: string | undefined;
	readonly report: string;
	readonly with?: string | undefined;
	readonly repository?: string | undefined;
}

/** Checks what does not depend on the charts. @throws BadInputError */
export async function readTrialOptions(
	raw: RawTrialOptions,
): Promise<TrialOptions> {
	checkImagesOption(raw.images);
	checkSnapshotterOption(raw.snapshotter);
	if (raw.skipCrds && raw.applyCrds)
		throw new BadInputError(
			"--apply-crds and --skip-crds: the CRDs are either applied first or left as they are",
		);
	await trustCaFile(raw.caFile);
	return {
		plan: raw.plan,
		checkImages: raw.checkImages,
		skipCrds: raw.skipCrds,
		applyCrds: raw.applyCrds,
		only: [],
		images: raw.images,
		snapshotter: raw.snapshotter,
		kubeVersion: readKubeVersion(raw.kubeVersion),
		report: raw.report,
		with: readToolName(raw.with),
		repository: raw.repository ?? (await publishedRepository()),
	};
}

/** The claims to test; a plan tests none. @throws BadInputError */
export async function readOnly({
	plan,
	only,
}: Pick<RawTrialOptions, "plan" | "only">): Promise<readonly string[]> {
	return plan && only.length === 0 ? [] : chooseForUpgrade(only);
}

async function publishedRepository(): Promise<string> {
	const { repository, name } = (await readVersions()).chart;
	return repository.startsWith("oci:") ? `${repository}/${name}` : repository;
}

function readKubeVersion(text: string | undefined): string | undefined {
	const version = /^v?(\d+\.\d+\.\d+)/.exec(text ?? "")?.[1];
	if (text !== undefined && !version)
		throw new BadInputError(
			`--kube-version ${text}: a version of Kubernetes looks like 1.33.0`,
		);
	return version;
}
