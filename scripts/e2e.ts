import { resolve } from "node:path";
import { defineCommand } from "../e2e/common/command.ts";
import {
	flagOption,
	listOption,
	patienceOption,
	textOption,
} from "../e2e/common/command-options.ts";
import { Progress } from "../e2e/common/progress.ts";
import { leftBehind } from "../e2e/common/tidy-up.ts";
import { type ClaimSet, checkOnly } from "../e2e/harness/claims/catalogue.ts";
import { OpenedClaims } from "../e2e/harness/claims/claims.ts";
import type { ClaimResult } from "../e2e/harness/claims/summary.ts";
import { beginReport } from "../e2e/harness/report/report.ts";
import { withReport } from "../e2e/harness/report/reporting.ts";
import { whileTesting, writeKubeconfig } from "../e2e/harness/run/kept.ts";
import {
	freshOption,
	readSetUpOptions,
	setUpOptions,
} from "../e2e/harness/set-up/options.ts";
import { withEnvironment } from "../e2e/harness/set-up/session.ts";

export const e2eCommand = defineCommand({
	name: "e2e",
	description:
		"Starts a real k3s cluster with the metrics stack on it and tests its claims.",
	exitCodes: {
		0: "all proven",
		1: "a claim refuted",
		2: "set-up failed or inconclusive",
	},
	options: {
		...setUpOptions,
		keep: flagOption("--keep", "leave the cluster running for the next run"),
		only: listOption("--only <claim>", "test only this claim"),
		faults: flagOption(
			"--faults",
			"instead of the claims, break nodes, disks, the network and what the stack depends on, and report what each fault costs",
		),
		fresh: freshOption,
		patience: patienceOption,
		report: textOption(
			"--report <dir>",
			"where the report goes (default: e2e-report, with --faults e2e-report/faults)",
		),
	},
	run: async (raw) => {
		const { keep, only, faults } = raw;
		const setUp = await readSetUpOptions(raw);
		const set = faults ? "faults" : "claims";
		await checkOnly(only, set);
		const progress = new Progress();
		const usual = faults ? "e2e-report/faults" : "e2e-report";
		const reportDir = resolve(raw.report || usual);
		await beginReport(reportDir);
		return withReport(reportDir, raw.values, progress, async (record) => {
			await using claims = new OpenedClaims(progress, { set });
			await withEnvironment(
				{
					setUp,
					keep,
					reportDir,
					refusalsGoOn: !faults,
					// Faults need the whole stack, and a cluster that is to be kept is marked before they break it.
					...(!faults && {
						begun: ({ environmentFor }) => {
							claims.begin(environmentFor, only);
							return () => claims.stop();
						},
					}),
				},
				progress,
				async (started) => {
					record.started = started;
					const { environment } = started;
					record.claims = await whileTesting(
						environment.clusterId,
						() => claims.test(environment, only),
						(results) => results.every((each) => isTidy(each, set)),
					);
					if (keep) {
						const file = await writeKubeconfig(environment);
						progress.say(`the cluster is kept: export KUBECONFIG=${file}`);
					}
				},
			);
		});
	},
});

/** Whether a claim left its cluster as it was. A refuted claim still tidies up; a fault that fails may stop halfway. */
function isTidy({ status, notes }: ClaimResult, set: ClaimSet): boolean {
	return (
		status !== "inconclusive" &&
		(set === "claims" || status !== "refuted") &&
		!notes.some((note) => note.startsWith(leftBehind))
	);
}

if (import.meta.main) await e2eCommand.main();
