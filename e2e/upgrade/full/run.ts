import { parseManifests } from "../../clients/api-server/manifests.ts";
import { SetUpError } from "../../common/errors.ts";
import type { Progress } from "../../common/progress.ts";
import type { RunContext } from "../../harness/run/with-run.ts";
import {
	testDefaults,
	testOverrides,
} from "../../harness/set-up/homelab-values.ts";
import { setUpWithEvidence } from "../../harness/set-up/set-up-with-evidence.ts";
import type { Charts } from "../prepare.ts";
import type { Reason } from "../reasons.ts";
import { makeContext } from "./context.ts";
import { findRealAddresses } from "./real-addresses.ts";
import { type UpgradeResult, upgradeAndBack } from "./upgrade.ts";
import { helmComponentOf } from "./ways/helm-component.ts";

/** What an upgrade on a real cluster showed. */
export interface FullResult extends UpgradeResult {
	readonly standIns: readonly string[];
	/** The version of Kubernetes that the cluster had. */
	readonly kubeVersion: string;
	/** What was made up for the test, a sentence each. */
	readonly madeUp: readonly string[];
}

/** Installs the first chart on a cluster of its own, upgrades to the second and rolls back. */
export async function runUpgrade(
	{ engine, run }: RunContext,
	{ options, source }: Pick<Charts, "options" | "source">,
	announced: readonly Reason[],
	reportDir: string,
	progress: Progress,
): Promise<FullResult> {
	const { fromValues, toValues } = options.named;
	const [defaults, overrides] = [await testDefaults(), await testOverrides()];
	const cutOffFrom: string[] = [];
	const started = await setUpWithEvidence(
		engine,
		run,
		{
			materials: {
				images: source,
				k3sVersion: undefined,
				snapshotter: options.snapshotter,
				charts: [options.from, options.to].map(({ chart, values, role }) => ({
					chart,
					values: [defaults, ...values, overrides],
					role,
				})),
				likelyToo: !fromValues && !toValues && !options.fromRelease,
				addons: [],
				pages: false,
				helm: helmComponentOf(options.choice?.tool),
			},
			reportDir,
			additions: {
				beforeChart: async (prepared) => {
					// A person's values may send data to real machines.
					await prepared.cutOff();
					const real = findRealAddresses(
						prepared.charts.flatMap(({ manifests }) =>
							parseManifests(manifests),
						),
					);
					cutOffFrom.push(
						...real.map((each) => `${each} cannot be reached in the test`),
					);
					for (const line of cutOffFrom) progress.say(line);
				},
			},
		},
		progress,
	);
	const [from, to] = started.charts;
	if (!from || !to) throw new SetUpError("one of the charts is missing");
	const result = await upgradeAndBack(
		makeContext({
			started,
			charts: { from, to },
			extent: options,
			choice: options.choice,
			announced,
			reportDir,
			progress,
		}),
	);
	const { imageStandIns: standIns, madeUp, kubeVersion } = started;
	const all = [...madeUp, ...cutOffFrom];
	return { ...result, standIns, kubeVersion, madeUp: all };
}
