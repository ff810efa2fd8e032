import { join } from "node:path";
import { range } from "es-toolkit";
import { PrometheusClient } from "../clients/prometheus.ts";
import { projectPath } from "../common/paths.ts";
import type { Progress } from "../common/progress.ts";
import { waitUntilSettled } from "../harness/readiness/settle.ts";
import { emptyReportFolder } from "../harness/report/begin.ts";
import { withRun } from "../harness/run/with-run.ts";
import { materialOptions } from "../harness/set-up/homelab-materials.ts";
import type { SetUpOptions } from "../harness/set-up/options.ts";
import { setUpWithEvidence } from "../harness/set-up/set-up-with-evidence.ts";
import { type ClaimsOutcome, testInProcess } from "./claims-round.ts";
import { plantWork, waitUntilScrapedTwice } from "./plant-work.ts";
import { renderScale } from "./scale-table.ts";
import { readWork } from "./work.ts";

export interface ScaleOptions {
	readonly setUp: SetUpOptions;
	/** How many times the stack's own work there is in the end. */
	readonly scale: number;
	/** How often the claims are tested at each scale. */
	readonly rounds: number;
	/** Ids of the claims; if empty, all. */
	readonly only: readonly string[];
}

/**
 * Tests the claims in a cluster as it is, and again with some times as many monitors, targets, rules, dashboards and alerts
 * in it, which the claims judge as they judge a person's own.
 *
 * @returns a table of both, with their ratios
 */
export async function measureScale(
	{ setUp, scale, rounds, only }: ScaleOptions,
	progress: Progress,
): Promise<string> {
	const reportDir = projectPath("e2e-report", "bench");
	await emptyReportFolder(reportDir, ["evidence"]);
	const materials = await materialOptions(setUp);
	return withRun(progress, async ({ engine, run }) => {
		const { environment, cluster } = await setUpWithEvidence(
			engine,
			run,
			{ materials, reportDir },
			progress,
		);
		const { kube } = cluster;
		const { namespace } = environment;
		const prometheus = await PrometheusClient.firstInNamespace(kube, namespace);
		const measure = async (at: number) => {
			const results: ClaimsOutcome[] = [];
			// Before a claim plants something of its own.
			await progress.phase(`steady at ${at}`, () =>
				waitUntilScrapedTwice(prometheus),
			);
			const work = await readWork(kube, prometheus);
			for (const round of range(1, rounds + 1)) {
				// What disruptive claims have restarted is not what the next ones are to wait for.
				await progress.phase(`steady at ${at}, round ${round}`, async () => {
					await waitUntilSettled(kube, namespace);
					await waitUntilScrapedTwice(prometheus);
				});
				const dir = join(reportDir, `scale-${at}`, `round-${round}`);
				// No phase, because the process shows its own in the same terminal.
				progress.say(`claims at ${at}, round ${round} of ${rounds}`);
				const result = await testInProcess(
					{ ...environment, reportDir: dir },
					only,
				);
				progress.say(
					`they took ${result.seconds.toFixed(1)} s and ${result.peakMebibytes.toFixed(0)} MiB`,
				);
				results.push(result);
			}
			return { work, rounds: results };
		};
		const before = await measure(1);
		await progress.phase(`${scale - 1} times as much planted`, () =>
			plantWork({ kube, prometheus, environment }, before.work, scale - 1),
		);
		return renderScale(scale, before, await measure(scale));
	});
}
