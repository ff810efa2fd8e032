import { readFile } from "node:fs/promises";
import { uniq } from "es-toolkit";
import type { Environment } from "../../common/environment.ts";
import { BadInputError, SetUpError } from "../../common/errors.ts";
import { projectPath } from "../../common/paths.ts";
import type { Progress } from "../../common/progress.ts";
import {
	type LoadedChart,
	StartedHelm,
	type ValuesFile,
} from "../chart/helm.ts";
import {
	type ChartOptions,
	locateChart,
	readVersions,
} from "../chart/locate.ts";
import type { Engine } from "../docker/engine.ts";
import { checkResources } from "../docker/preflight.ts";
import { openImageSource } from "../images/choose-source.ts";
import { parseImageReference } from "../images/reference.ts";
import { imagesOf } from "../images/rendered-references.ts";
import type { ImageSource, ProvidedImage } from "../images/source.ts";
import { operatorCrds } from "../readiness/stack.ts";
import { createNetwork, type Run } from "../run/run.ts";
import type { Addon } from "./addons/addon.ts";
import { addons } from "./addons/addons.ts";
import type { SetUpOptions } from "./options.ts";

/** The components that every run needs, whatever its chart brings. */
const clusterComponents = [
	"k3s",
	"pause",
	"registry",
	"coredns",
	"local-path-provisioner",
	"busybox",
	"minio",
	"helm",
	"node",
];

/** What a run is made of, all of it on this machine: from here on no network is needed. */
export interface Materials {
	/** As in --images. */
	readonly imageSource: string;
	/** Docker's name of the run's network. */
	readonly network: string;
	/** What every run needs, and what its addons run. */
	readonly components: ReadonlyMap<string, ProvidedImage>;
	/** Of the cluster, e.g. 1.25.4. */
	readonly kubeVersion: string;
	/** As they were asked for. */
	readonly charts: readonly ChartMaterials[];
}

/** A chart that can be installed. */
export interface ChartMaterials {
	readonly chart: Environment["chart"];
	readonly helm: LoadedChart;
	/** YAML. */
	readonly crds: string;
	/** What Helm makes of it, as YAML. */
	readonly manifests: string;
	/** Every image that it refers to. */
	readonly images: readonly ProvidedImage[];
}

/** A chart with all of its values, in the order in which they are layered. */
export interface ChartRequest {
	readonly chart: ChartOptions;
	readonly values: readonly ValuesFile[];
}

export interface MaterialOptions {
	/** As in --images, or opened already. */
	readonly images: string | ImageSource;
	readonly k3sVersion: string | undefined;
	readonly charts: readonly ChartRequest[];
	/** What runs beside the chart. */
	readonly addons: readonly Addon[];
	/** Whether Grafana's pages are looked at, where it has any. */
	readonly pages: boolean;
}

/** What `--chart` and its like ask for: the homelab with its addons, the test's overrides, and the person's values. */
export async function materialOptions({
	chart,
	chartVersion,
	values,
	images,
	k3sVersion,
}: SetUpOptions): Promise<MaterialOptions> {
	return {
		images,
		k3sVersion,
		charts: [
			{
				chart: { chart, version: chartVersion },
				values: [await homelabValues(), await testOverrides(), ...values],
			},
		],
		addons,
		pages: true,
	};
}

/** Gets the images, the charts, and Helm on the run's network. */
export async function gatherMaterials(
	engine: Engine,
	run: Run,
	options: MaterialOptions,
	progress: Progress,
): Promise<Materials> {
	await checkResources(engine);
	const network = await createNetwork(engine, run);
	const { images } = options;
	const source =
		typeof images === "string"
			? await progress.phase("image source", () =>
					openImageSource(engine.docker, images, progress),
				)
			: images;
	const components = await progress.phase("images of the cluster", () =>
		provideComponents(source, options, progress),
	);
	const helmImage = imageOf(components, "helm").local;
	const kubeVersion = kubeVersionOf(imageOf(components, "k3s"));
	const { release } = await readVersions();
	const rendered = await progress.phase("chart", async () => {
		const helm = await StartedHelm.start(run, helmImage, network);
		return Promise.all(
			options.charts.map(async ({ chart, values }) => {
				const located = await locateChart(
					engine.docker,
					run,
					helmImage,
					chart,
					progress,
				);
				const loaded = await helm.load(located, values, release);
				const [{ name, version }, manifests, crds] = await Promise.all([
					loaded.metadata(),
					// Nobody runs `helm test` here, so its images are not needed.
					loaded.render({ kubeVersion, flags: ["--skip-tests"] }),
					loaded.crds(),
				]);
				return {
					chart: { name, version, source: located.source },
					helm: loaded,
					manifests,
					crds,
				};
			}),
		);
	});
	const charts = await progress.phase("images of the chart", () =>
		Promise.all(
			rendered.map(async (each): Promise<ChartMaterials> => {
				const references = imagesOf(each.manifests);
				const images = await source.provideReferences(references, progress);
				const crds = each.crds.trim()
					? each.crds
					: await operatorCrds(engine.docker, run, images);
				return { ...each, images, crds };
			}),
		),
	);
	if (options.pages && charts.some(({ images }) => images.some(hasPages)))
		components.set(
			browser,
			imageOf(await source.provideComponents([browser], progress), browser),
		);
	return { imageSource: source.name, network, components, kubeVersion, charts };
}

/** The component that looks at pages. */
export const browser = "browser";

/** Whether an image is Grafana's, of any edition, with the pages that one built here is without. */
function hasPages({ reference, standIn }: ProvidedImage): boolean {
	return (
		/\/grafana(-\w+)?$/.test(parseImageReference(reference).path) && !standIn
	);
}

/** The image of a component that was provided. */
export function imageOf(
	components: ReadonlyMap<string, ProvidedImage>,
	name: string,
): ProvidedImage {
	const image = components.get(name);
	if (!image) throw new SetUpError(`no image of ${name} was provided`);
	return image;
}

/** The values that a homelab installs. */
export function homelabValues(): Promise<ValuesFile> {
	return readOwnValues("kube-prometheus-stack.yaml");
}

/** What a test must change of them. */
export function testOverrides(): Promise<ValuesFile> {
	return readOwnValues("test-overrides.yaml");
}

async function readOwnValues(file: string): Promise<ValuesFile> {
	const name = `stack/values/${file}`;
	return { name, content: await readFile(projectPath(name), "utf8") };
}

async function provideComponents(
	source: ImageSource,
	{ k3sVersion, addons }: Pick<MaterialOptions, "k3sVersion" | "addons">,
	progress: Progress,
): Promise<Map<string, ProvidedImage>> {
	if (k3sVersion && !source.name.startsWith("pull")) {
		throw new BadInputError(
			`--k3s-version ${k3sVersion}: only --images pull can take another k3s, the source here is ${source.name}`,
		);
	}
	const all = uniq([
		...clusterComponents,
		...addons.flatMap(({ components }) => components),
	]);
	const names = all.filter((name) => name !== "k3s" || !k3sVersion);
	const [found, [k3s]] = await Promise.all([
		source.provideComponents(names, progress),
		k3sVersion
			? source.provideReferences(
					[`docker.io/rancher/k3s:${k3sVersion.replace("+", "-")}`],
					progress,
				)
			: [],
	]);
	return new Map(
		all.flatMap((name) => {
			const image = name === "k3s" && k3s ? k3s : found.get(name);
			return image ? [[name, image] as const] : [];
		}),
	);
}

/** e.g. 1.25.4, from a built image's version or an upstream image's tag. */
function kubeVersionOf(k3s: ProvidedImage): string {
	const text = k3s.standIn?.version ?? parseImageReference(k3s.reference).tag;
	const version = /\d+\.\d+\.\d+/.exec(text)?.[0];
	if (!version) throw new SetUpError(`${text} is no version of k3s`);
	return version;
}
