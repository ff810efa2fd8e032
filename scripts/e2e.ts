import { resolve } from "node:path";
import { runCommand } from "../e2e/common/command.ts";
import { exitCodes } from "../e2e/common/errors.ts";
import { Progress } from "../e2e/common/progress.ts";
import { leftBehind } from "../e2e/common/tidy-up.ts";
import { type ClaimSet, checkOnly } from "../e2e/harness/claims/catalogue.ts";
import { testClaims } from "../e2e/harness/claims/claims.ts";
import type { ClaimResult } from "../e2e/harness/claims/summary.ts";
import { beginReport } from "../e2e/harness/report/report.ts";
import { withReport } from "../e2e/harness/report/reporting.ts";
import { whileTesting, writeKubeconfig } from "../e2e/harness/run/kept.ts";
import {
	freshOption,
	makeCommand,
	parseArguments,
	type RawSetUpOptions,
	readSetUpOptions,
	withSetUpOptions,
} from "../e2e/harness/set-up/options.ts";
import { withEnvironment } from "../e2e/harness/set-up/session.ts";

const command = withSetUpOptions(
	makeCommand(
		"e2e",
		"Starts a real k3s cluster with the metrics stack on it and tests its claims. Exit codes: 0 all proven, 1 a claim refuted, 2 set-up failed or inconclusive, 3 bad input, 130 interrupted.",
	),
)
	.option("--keep", "leave the cluster running for the next run", false)
	.option(
		"--only <claim>",
		"test this claim only; may be given several times",
		(id: string, ids: string[]) => [...ids, id],
		[],
	)
	.option(
		"--faults",
		"test instead what breaks nodes, disks, the network and their neighbours, each with what it costs",
		false,
	)
	.addOption(freshOption())
	.option(
		"--report <dir>",
		"where the report goes (default: e2e-report, with --faults e2e-report/faults)",
	);

await runCommand(async () => {
	const raw = parseArguments<
		RawSetUpOptions & {
			keep: boolean;
			only: string[];
			faults: boolean;
			report?: string;
		}
	>(command, process.argv.slice(2));
	if (!raw) return exitCodes.proven;
	const options = await readSetUpOptions(raw);
	const set = raw.faults ? "faults" : "claims";
	await checkOnly(raw.only, set);
	const progress = new Progress();
	const usual = raw.faults ? "e2e-report/faults" : "e2e-report";
	const reportDir = resolve(raw.report ?? usual);
	await beginReport(reportDir);
	return withReport(reportDir, raw.values, progress, (record) =>
		withEnvironment(
			{ setUp: options, keep: raw.keep, reportDir },
			progress,
			async (started) => {
				record.started = started;
				const { environment } = started;
				record.claims = await whileTesting(
					environment.clusterId,
					() => testClaims(environment, raw.only, progress, set),
					(claims) => claims.every((each) => isTidy(each, set)),
				);
				if (raw.keep) {
					const file = await writeKubeconfig(environment);
					progress.say(`the cluster is kept: export KUBECONFIG=${file}`);
				}
			},
		),
	);
});

/** Whether a claim left its cluster as it was. One that is refuted tidies up, too; a fault that fails may be given up half way. */
function isTidy({ status, notes }: ClaimResult, set: ClaimSet): boolean {
	return (
		status !== "inconclusive" &&
		(set === "claims" || status !== "refuted") &&
		!notes.some((note) => note.startsWith(leftBehind))
	);
}
