import { join, relative, resolve } from "node:path";
import { runCommand } from "../e2e/common/command.ts";
import { exitCodes } from "../e2e/common/errors.ts";
import { Progress } from "../e2e/common/progress.ts";
import { redact } from "../e2e/common/secrecy/redact.ts";
import { withRun } from "../e2e/harness/run/with-run.ts";
import { parseArguments } from "../e2e/harness/set-up/options.ts";
import { runUpgrade } from "../e2e/upgrade/full/run.ts";
import {
	type RawUpgradeOptions,
	readUpgradeOptions,
	upgradeCommand,
} from "../e2e/upgrade/options.ts";
import { makePlan } from "../e2e/upgrade/plan/plan.ts";
import { Renderer } from "../e2e/upgrade/plan/charts/render.ts";
import { type Charts, prepareCharts } from "../e2e/upgrade/prepare.ts";
import type { Reason } from "../e2e/upgrade/reasons.ts";
import { makeContents } from "../e2e/upgrade/report/make-contents.ts";
import { renderText } from "../e2e/upgrade/report/text.ts";
import {
	beginUpgradeReport,
	writeUpgradeReport,
} from "../e2e/upgrade/report/write.ts";

const verdictCodes = {
	safe: exitCodes.proven,
	review: exitCodes.review,
	unsafe: exitCodes.refuted,
	inconclusive: exitCodes.setUpFailed,
};

await runCommand(async () => {
	const raw = parseArguments<RawUpgradeOptions>(
		upgradeCommand(),
		process.argv.slice(2),
	);
	if (!raw) return exitCodes.proven;
	const asked = await readUpgradeOptions(raw);
	const progress = new Progress();
	const dir = resolve(asked.report);
	await beginUpgradeReport(dir);
	const report = await withRun(progress, async (context) => {
		const charts = await prepareCharts(context, asked, progress);
		const { options, kubeVersion } = charts;
		const plan = await progress.phase("plan", () =>
			makePlan(
				new Renderer(kubeVersion),
				charts.from,
				charts.to,
				charts.between,
			),
		);
		// Whatever becomes of the cluster, this much is known.
		const planned = makeContents(charts, plan, progress);
		const isUntold = !options.plan && planned.verdict !== "unsafe";
		await writeUpgradeReport(dir, {
			...planned,
			verdict: isUntold ? "inconclusive" : planned.verdict,
		});
		const full =
			options.plan || !plan.after
				? undefined
				: await runUpgrade(
						context,
						charts,
						await announcedInTest(charts, plan.reasons),
						dir,
						progress,
					);
		return makeContents(charts, plan, progress, full);
	});
	await writeUpgradeReport(dir, report);
	console.log(redact(`\n${renderText(report, process.stdout.columns)}`));
	console.log(`report: ${relative(process.cwd(), join(dir, "report.html"))}`);
	return verdictCodes[report.verdict];
});

/** What reading the charts says, with the names that objects have in the test's cluster. */
async function announcedInTest(
	{ inTest, from, kubeVersion }: Charts,
	reasons: readonly Reason[],
): Promise<readonly Reason[]> {
	if (inTest.from === from) return reasons;
	const renderer = new Renderer(kubeVersion);
	return (await makePlan(renderer, inTest.from, inTest.to)).reasons;
}
