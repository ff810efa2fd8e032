import { join } from "node:path";
import Table from "cli-table3";
import { chooseByName } from "../e2e/common/choose.ts";
import { runCommand } from "../e2e/common/command.ts";
import { exitCodes } from "../e2e/common/errors.ts";
import { projectPath } from "../e2e/common/paths.ts";
import { Progress } from "../e2e/common/progress.ts";
import { waitUntilSettled } from "../e2e/harness/readiness/settle.ts";
import { waitForStack } from "../e2e/harness/readiness/stack.ts";
import { withRun } from "../e2e/harness/run/with-run.ts";
import {
	type ChartMaterials,
	materialOptions,
	testOverrides,
} from "../e2e/harness/set-up/materials.ts";
import {
	makeCommand,
	parseArguments,
	readSetUpOptions,
} from "../e2e/harness/set-up/options.ts";
import { setUpWithEvidence } from "../e2e/harness/set-up/session.ts";
import type { FreshEnvironment } from "../e2e/harness/set-up/set-up.ts";
import { Upgrade } from "../e2e/upgrade/full/upgrade.ts";
import { readPlannedChart } from "../e2e/upgrade/plan/charts/chart.ts";
import { makePlan } from "../e2e/upgrade/plan/plan.ts";
import { Renderer } from "../e2e/upgrade/plan/charts/render.ts";
import { layerFiles } from "../e2e/upgrade/plan/values/values.ts";
import { beginUpgradeReport } from "../e2e/upgrade/report/write.ts";
import {
	makeTrap,
	readTraps,
	type Trap,
	type TrapSide,
} from "../e2e/upgrade/traps/catalogue.ts";
import { emptyGrafana } from "../e2e/upgrade/traps/empty-grafana.ts";

const command = makeCommand(
	"upgrade:traps",
	"Upgrades into those traps of e2e/upgrade/traps/ that need a real cluster, on one, and sees that each is found. Exit codes: 0 all of them, 1 one was not, 2 set-up failed, 3 bad input, 130 interrupted.",
).option(
	"--only <id>",
	"only this trap; may be given several times",
	(id: string, ids: string[]) => [...ids, id],
	[],
);

await runCommand(async () => {
	const raw = parseArguments<{ only: string[] }>(
		command,
		process.argv.slice(2),
	);
	if (!raw) return exitCodes.proven;
	const traps = chooseByName(
		"traps",
		(await readTraps()).filter(({ full }) => full),
		raw.only,
		({ id }) => [id],
	);
	const progress = new Progress();
	const reportDir = projectPath("upgrade-report", "traps");
	await beginUpgradeReport(reportDir);
	const table = new Table({
		head: ["trap", "must show", "showed", "time"],
		style: { head: [], border: [] },
		wordWrap: true,
		colWidths: [32, 36, 50, 9],
	});
	let missed = 0;
	await withRun(progress, async ({ engine, run }) => {
		const asked = { chart: "embedded", images: "auto", values: [] };
		const materials = {
			...(await materialOptions(await readSetUpOptions(asked))),
			addons: [],
			pages: false,
		};
		const started = await setUpWithEvidence(
			engine,
			run,
			{ materials, reportDir },
			progress,
		);
		for (const [i, trap] of traps.entries()) {
			progress.say(`trap ${i + 1} of ${traps.length}: ${trap.id}`);
			const began = Date.now();
			const found = await tryOut(
				trap,
				started,
				join(run.tempDir, "traps"),
				join(reportDir, trap.id),
				progress,
			);
			const wanted = trap.full?.expect ?? [];
			if (!wanted.every((id) => found.includes(id))) missed += 1;
			const seconds = ((Date.now() - began) / 1000).toFixed(0);
			progress.say(`trap ${trap.id}: ${found.join(", ") || "nothing"}`);
			table.push([
				trap.id,
				wanted.join(", "),
				found.join(", "),
				`${seconds} s`,
			]);
		}
	});
	console.log(table.toString());
	console.log(`${traps.length - missed} of ${traps.length} as they must`);
	return missed === 0 ? exitCodes.proven : exitCodes.refuted;
});

/** Installs the first chart of a trap and upgrades to the second. @returns ids of what the upgrade showed */
async function tryOut(
	trap: Trap,
	started: FreshEnvironment,
	dir: string,
	reportDir: string,
	progress: Progress,
): Promise<string[]> {
	const pair = await makeTrap(trap, dir);
	const [first] = started.charts;
	if (!first) return [];
	const { home, release } = first.helm;
	const { kubeVersion } = started;
	const overrides = await testOverrides();
	const load = async ({ chart, values }: TrapSide): Promise<ChartMaterials> => {
		const loaded = await home.load(chart, [...values, overrides], release);
		const own = await loaded.crds();
		return {
			chart: { ...first.chart, source: trap.id },
			helm: loaded,
			crds: [first.crds, own].join("\n---\n"),
			manifests: await loaded.render({ kubeVersion }),
			images: first.images,
		};
	};
	const [from, to] = await Promise.all([load(pair.from), load(pair.to)]);
	const [a, b] = await Promise.all(
		[pair.from, pair.to].map(({ chart, values }) =>
			readPlannedChart(home, chart, layerFiles(values), release),
		),
	);
	if (!a || !b) return [];
	const plan = await progress.phase("plan", () =>
		makePlan(new Renderer(kubeVersion), a, b),
	);
	const { kube, internalKubeconfig } = started.cluster;
	const { namespace } = started.environment;
	await progress.phase("first chart", async () => {
		await emptyGrafana(kube, namespace);
		await kube.apply(from.crds);
		await from.helm.install(internalKubeconfig);
		await waitForStack(kube, namespace);
		await waitUntilSettled(kube, namespace);
	});
	const { skipCrds = false, only = [] } = trap.full ?? {};
	const upgrade = new Upgrade(
		started,
		{ from, to },
		{ skipCrds, only },
		{ announced: plan.reasons, reportDir, progress },
	);
	const { reasons } = await upgrade.go();
	return [...new Set(reasons.map(({ id }) => id))];
}
