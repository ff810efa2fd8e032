import { resolve } from "node:path";
import type { Progress } from "../common/progress.ts";
import { askRegistry } from "../harness/images/ask-registry.ts";
import { type RunContext, withRun } from "../harness/run/with-run.ts";
import { makeAmtool } from "./amtool.ts";
import { runUpgrade } from "./full/run.ts";
import { compareWithHistory } from "./history/compare.ts";
import type { UpgradeOptions } from "./options.ts";
import { Renderer } from "./plan/charts/render.ts";
import { makePlan } from "./plan/plan.ts";
import {
	type Charts,
	type ChartTools,
	prepareCharts,
	prepareTools,
} from "./prepare.ts";
import { makePromtool } from "./promtool.ts";
import type { Reason } from "./reasons.ts";
import type { UpgradeReport } from "./report/contents.ts";
import { makeContents } from "./report/make-contents.ts";
import { beginUpgradeReport, writeUpgradeReport } from "./report/write.ts";

/** Milliseconds in which a registry must answer for one image. */
const registryLimit = 15_000;

/** Reads both charts, upgrades on a cluster if asked for, and writes the report into `dir`. */
export async function answerUpgrade(
	asked: UpgradeOptions,
	progress: Progress,
): Promise<{ report: UpgradeReport; dir: string }> {
	const dir = resolve(asked.report);
	await beginUpgradeReport(dir);
	const report = await withRun(progress, async (context) => {
		const tools = await prepareTools(context, asked.images, progress);
		return answerInRun(context, tools, asked, dir, progress);
	});
	return { report, dir };
}

/** As above, in a run that is under way. */
export async function answerInRun(
	context: RunContext,
	tools: ChartTools,
	asked: UpgradeOptions,
	dir: string,
	progress: Progress,
): Promise<UpgradeReport> {
	const charts = await prepareCharts(context, tools, asked, progress);
	const { options, from, to, between } = charts;
	const plan = await progress.phase("plan", async () =>
		makePlan(makeRenderer(charts), from, to, between, {
			alertmanager: makeAmtool(context, tools.source, progress),
			prometheus: await makePromtool(context, tools.source, progress),
			image: options.checkImages
				? (reference) =>
						askRegistry(context.engine.docker, reference, registryLimit)
				: undefined,
		}),
	);
	// This much is known, whatever happens to the cluster.
	const planned = makeContents(charts, plan, progress);
	const isOpen = !options.plan && planned.verdict !== "unsafe";
	const written = await writeUpgradeReport(dir, {
		...planned,
		verdict: isOpen ? "inconclusive" : planned.verdict,
	});
	if (options.plan || !plan.after) return written;
	const announced = await announcedInTest(charts, plan.reasons);
	const full = await runUpgrade(context, charts, announced, dir, progress);
	const report = makeContents(charts, plan, progress, full);
	const compared = asked.history
		? await compareWithHistory(report, asked.history)
		: report;
	return writeUpgradeReport(dir, compared);
}

/** What reading the charts announces, with the names that objects have in the test's cluster. */
async function announcedInTest(
	{ inTest, from, kubeVersion }: Charts,
	reasons: readonly Reason[],
): Promise<readonly Reason[]> {
	if (inTest.from === from) return reasons;
	const renderer = new Renderer(kubeVersion);
	return (await makePlan(renderer, inTest.from, inTest.to)).reasons;
}

/** Renders as the tool of the upgrade does it. */
function makeRenderer({ kubeVersion, options: { choice } }: Charts): Renderer {
	return new Renderer(kubeVersion, choice?.tool.looksUp ?? true);
}
