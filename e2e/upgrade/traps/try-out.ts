import { join } from "node:path";
import { SetUpError } from "../../common/errors.ts";
import type { Progress } from "../../common/progress.ts";
import { readAsWritten } from "../../harness/chart/as-written/as-written.ts";
import { loadChart } from "../../harness/chart/loaded-chart.ts";
import { waitUntilSettled } from "../../harness/readiness/settle.ts";
import { waitForStack } from "../../harness/readiness/stack.ts";
import type { ChartMaterials } from "../../harness/set-up/chart-materials.ts";
import type { FreshEnvironment } from "../../harness/set-up/fresh-environment.ts";
import {
	testDefaults,
	testOverrides,
} from "../../harness/set-up/homelab-values.ts";
import { makeContext } from "../full/context.ts";
import { upgradeAndBack } from "../full/upgrade.ts";
import { readPlannedChart } from "../plan/charts/chart.ts";
import { Renderer } from "../plan/charts/render.ts";
import { makePlan } from "../plan/plan.ts";
import { layerFiles } from "../plan/values/values.ts";
import type { Reason } from "../reasons.ts";
import { makeNamedChoice } from "../tools/choice.ts";
import { makeTrap, type Trap, type TrapSide } from "./catalogue.ts";
import { emptyGrafana } from "./empty-grafana.ts";

/** Where the charts and the reports of traps go. */
export interface TrapFolders {
	readonly charts: string;
	readonly reports: string;
}

/** Installs the first chart of a trap and upgrades to the second. @returns ids of the reasons that the upgrade found */
export async function tryOutTrap(
	trap: Trap,
	started: FreshEnvironment,
	folders: TrapFolders,
	progress: Progress,
): Promise<string[]> {
	const sides = await makeTrap(trap, folders.charts);
	const announced = await progress.phase("plan", () =>
		planTrap(sides, started),
	);
	const [from, to] = await Promise.all([
		loadSide(sides.from, trap, started),
		loadSide(sides.to, trap, started),
	]);
	await progress.phase("first chart", () => installFirst(from, started));
	const { reasons } = await upgradeAndBack(
		makeContext({
			started,
			charts: { from, to },
			extent: {
				skipCrds: trap.full?.skipCrds ?? false,
				applyCrds: false,
				only: trap.full?.only ?? [],
			},
			choice: trap.full?.with && makeNamedChoice(trap.full.with),
			announced,
			reportDir: join(folders.reports, trap.id),
			progress,
		}),
	);
	return [...new Set(reasons.map(({ id }) => id))];
}

/** What reading the two charts announces. */
async function planTrap(
	{ from, to }: { from: TrapSide; to: TrapSide },
	started: FreshEnvironment,
): Promise<readonly Reason[]> {
	const { home, release } = installed(started).helm;
	const read = ({ chart, values }: TrapSide, role: string) =>
		readPlannedChart(home, chart, layerFiles(values), release, { role });
	const [a, b] = await Promise.all([
		read(from, "the old chart"),
		read(to, "the new chart"),
	]);
	return (await makePlan(new Renderer(started.kubeVersion), a, b)).reasons;
}

/** A side as it can be installed in the cluster, with the images that are there. */
async function loadSide(
	{ chart, values }: TrapSide,
	{ id }: Trap,
	started: FreshEnvironment,
): Promise<ChartMaterials> {
	const first = installed(started);
	const { home, release } = first.helm;
	const { kubeVersion } = started;
	const layers = [await testDefaults(), ...values, await testOverrides()];
	const loaded = await loadChart(home, chart, layers, release);
	return {
		chart: { ...first.chart, source: id },
		helm: loaded,
		crds: [first.crds, await loaded.crds()].join("\n---\n"),
		manifests: await loaded.render({ kubeVersion }),
		notFollowed: [],
		adapted: [],
		// A trap may ask for a node that nobody has.
		leftOut: [],
		nodeLabels: {},
		asWritten: await readAsWritten(loaded, kubeVersion),
		images: first.images,
	};
}

async function installFirst(
	{ crds, helm }: ChartMaterials,
	{ cluster, environment: { namespace } }: FreshEnvironment,
): Promise<void> {
	const { kube, internalKubeconfig } = cluster;
	await emptyGrafana(kube, namespace);
	await kube.apply(crds);
	await helm.install(internalKubeconfig);
	await waitForStack(kube, namespace);
	await waitUntilSettled(kube, namespace);
}

/** The chart that set-up installed. */
function installed({ charts: [first] }: FreshEnvironment): ChartMaterials {
	if (!first) throw new SetUpError("there is no chart");
	return first;
}
