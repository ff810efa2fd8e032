import { major, valid } from "semver";
import { BadInputError, messageOf, SetUpError } from "../common/errors.ts";
import type { Progress } from "../common/progress.ts";
import { rememberSecretsIn } from "../common/secrecy/in-values.ts";
import { withoutPlaceholders } from "../harness/chart/encryption.ts";
import { StartedHelm } from "../harness/chart/helm.ts";
import { locateChart } from "../harness/chart/locate.ts";
import { readVersions } from "../harness/chart/versions.ts";
import { openImageSource } from "../harness/images/choose-source.ts";
import type { ImageSource } from "../harness/images/source.ts";
import { componentNamed, readComponents } from "../harness/images/spec.ts";
import type { RunContext } from "../harness/run/with-run.ts";
import {
	type LiveRelease,
	liveValues,
	readLiveRelease,
} from "./live-release.ts";
import type { ChartChoice, UpgradeOptions } from "./options.ts";
import { type PlannedChart, readPlannedChart } from "./plan/charts/chart.ts";
import { layerFiles } from "./plan/values/values.ts";

/** Both charts of an upgrade, and for a jump over several majors the newest version of each in between. */
export interface Charts {
	readonly from: PlannedChart;
	readonly to: PlannedChart;
	readonly between: readonly PlannedChart[];
	/** e.g. 1.33.0 */
	readonly kubeVersion: string;
	readonly source: ImageSource;
	/** The same two as they are installed in the test's cluster, where a live release has another name. */
	readonly inTest: { readonly from: PlannedChart; readonly to: PlannedChart };
	/** What the person did not name is taken from the live release. */
	readonly options: UpgradeOptions;
}

/** What charts are read with; one for all the charts of a run. */
export interface ChartTools {
	readonly source: ImageSource;
	readonly helmImage: string;
	/** Without a network. */
	readonly helm: StartedHelm;
}

/** Gets Helm. */
export async function prepareTools(
	{ engine, run }: RunContext,
	images: string,
	progress: Progress,
): Promise<ChartTools> {
	const source = await progress.phase("image source", () =>
		openImageSource(engine.docker, images, progress),
	);
	const provided = await progress.phase("image of Helm", () =>
		source.provideComponents(["helm"], progress),
	);
	const helmImage = provided.get("helm")?.local;
	if (!helmImage) throw new SetUpError("no image of helm was provided");
	return {
		source,
		helmImage,
		helm: await StartedHelm.start(run, helmImage, "none"),
	};
}

/** Gets the charts. */
export async function prepareCharts(
	{ engine, run }: RunContext,
	{ source, helmImage, helm }: ChartTools,
	asked: UpgradeOptions,
	progress: Progress,
): Promise<Charts> {
	const { fromRelease } = asked;
	const live =
		fromRelease &&
		(await progress.phase("live release", () =>
			readLiveRelease(run, helmImage, fromRelease),
		));
	const options = live ? withLiveRelease(asked, live) : asked;
	const testRelease = (await readVersions()).release;
	const release = live?.release ?? testRelease;
	const kubeVersion =
		asked.kubeVersion ?? live?.kubeVersion ?? (await defaultKubeVersion());
	return progress.phase("charts", async () => {
		const fetcher = {
			docker: engine.docker,
			run,
			helmImage,
			builtImages: source.isBuilt,
		};
		const read = async (
			{ chart, values, role, companions, release: own = release }: ChartChoice,
			as = own,
		) => {
			const chartThere = await locateChart(fetcher, chart, progress, role);
			const about = { role, values: values.map(({ name }) => name) };
			const layered = layerFiles(values);
			const planned = await readPlannedChart(
				helm,
				chartThere,
				layered,
				as,
				about,
			);
			// A chart that has the stack among others wants the values as they are written.
			const isUmbrella = planned.metadata.name !== publishedName;
			const wanted = isUmbrella
				? layerFiles(
						values.map(({ name, content, asUmbrella = content }) => ({
							name,
							content: asUmbrella,
						})),
					)
				: layered;
			rememberSecretsIn(withoutPlaceholders(wanted));
			return { ...planned, values: wanted, companions };
		};
		const [from, to] = await Promise.all([
			read(options.from),
			read(options.to),
		]);
		const between = await Promise.all(
			majorsBetween(options, from, to).map((version) =>
				read({
					...options.to,
					role: "a chart in between",
					chart: { chart: options.repository, version },
				}).catch((error: unknown) => {
					// Not every major was published.
					progress.say(`not among the steps: ${messageOf(error)}`);
					return [];
				}),
			),
		);
		const inTest =
			live || options.from.release
				? {
						from: await read(options.from, testRelease),
						to: await read(options.to, testRelease),
					}
				: { from, to };
		return {
			from,
			to,
			between: between.flat(),
			kubeVersion,
			source,
			options,
			inTest,
		};
	});
}

const publishedName = "kube-prometheus-stack";

/** Takes what the person did not name from the release. */
function withLiveRelease(
	options: UpgradeOptions,
	{ version, values, chart }: LiveRelease,
): UpgradeOptions {
	const { from, to, named, repository } = options;
	if (!named.from && chart !== publishedName)
		throw new BadInputError(
			`the release's chart is ${chart}, not ${publishedName}: name its chart with --from`,
		);
	const own = [{ name: liveValues, content: values }];
	return {
		...options,
		from: {
			...from,
			name: named.from ? from.name : version,
			chart: named.from ? from.chart : { chart: repository, version },
			values: named.fromValues ? from.values : own,
		},
		to: {
			...to,
			values: named.toValues || named.fromValues ? to.values : own,
		},
	};
}

/** e.g. `^78.0.0` and `^79.0.0` between 77.14.0 and 80.1.0; none unless both charts are published versions. */
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

/** The pinned version of Kubernetes, if the person names none. */
async function defaultKubeVersion(): Promise<string> {
	const { upstream = "" } = componentNamed(await readComponents(), "k3s");
	const version = /\d+\.\d+\.\d+/.exec(upstream)?.[0];
	if (!version) throw new SetUpError("stack/images.yaml pins no k3s");
	return version;
}
