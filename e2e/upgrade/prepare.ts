import { major, valid } from "semver";
import { locateChart, readVersions } from "../harness/chart.ts";
import { SetUpError } from "../harness/errors.ts";
import { StartedHelm } from "../harness/helm.ts";
import { openImageSource } from "../harness/images/choose-source.ts";
import { componentNamed, readComponents } from "../harness/images/spec.ts";
import type { Progress } from "../harness/progress.ts";
import type { RunContext } from "../harness/with-run.ts";
import type { ChartChoice, UpgradeOptions } from "./options.ts";
import { type PlannedChart, readPlannedChart } from "./plan/chart.ts";
import { layerFiles } from "./plan/values.ts";

/** Both charts of an upgrade, and for a jump over several majors the newest of each in between. */
export interface Charts {
	readonly from: PlannedChart;
	readonly to: PlannedChart;
	readonly between: readonly PlannedChart[];
}

/** Gets Helm and the charts. */
export async function prepareCharts(
	context: RunContext,
	options: UpgradeOptions,
	progress: Progress,
): Promise<Charts> {
	const { engine, run } = context;
	const source = await progress.phase("image source", () =>
		openImageSource(engine.docker, options.images, progress),
	);
	const images = await progress.phase("image of Helm", () =>
		source.provideComponents(["helm"], progress),
	);
	const image = images.get("helm")?.local;
	if (!image) throw new SetUpError("no image of helm was provided");
	const { release } = await readVersions();
	return progress.phase("charts", async () => {
		const helm = await StartedHelm.start(run, image, "none");
		const read = async ({ chart, values }: ChartChoice) =>
			readPlannedChart(
				helm,
				await locateChart(engine.docker, run, image, chart, progress),
				layerFiles(values),
				release,
			);
		const [from, to] = await Promise.all([
			read(options.from),
			read(options.to),
		]);
		const between = await Promise.all(
			majorsBetween(options, from, to).map((version) =>
				read({
					...options.to,
					chart: { chart: options.repository, version },
				}),
			),
		);
		return { from, to, between };
	});
}

/** e.g. `^78.0.0` and `^79.0.0` between 77.14.0 and 80.1.0; none where one of the charts is no published one. */
function majorsBetween(
	{ from, to, repository }: UpgradeOptions,
	a: PlannedChart,
	b: PlannedChart,
): string[] {
	const isPublished = [from, to].every(
		({ chart }) => chart.chart === repository,
	);
	const versions = [a.metadata.version, b.metadata.version];
	if (!isPublished || !versions.every((each) => valid(each))) return [];
	const [first = 0, last = 0] = versions.map((each) => major(each));
	return Array.from(
		{ length: Math.max(0, last - first - 1) },
		(_, i) => `^${first + 1 + i}.0.0`,
	);
}

/** The version of Kubernetes that the project pins, for a person who names none. */
export async function defaultKubeVersion(): Promise<string> {
	const { upstream = "" } = componentNamed(await readComponents(), "k3s");
	const version = /\d+\.\d+\.\d+/.exec(upstream)?.[0];
	if (!version) throw new SetUpError("stack/images.yaml pins no k3s");
	return version;
}
