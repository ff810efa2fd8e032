import { readFile } from "node:fs/promises";
import { locateChart, readVersions } from "./chart.ts";
import type { Engine } from "./engine/engine.ts";
import type { Environment } from "./environment.ts";
import { BadInputError, SetUpError } from "./errors.ts";
import { type LoadedChart, StartedHelm } from "./helm.ts";
import { openImageSource } from "./images/choose-source.ts";
import { parseImageReference } from "./images/reference.ts";
import type { ImageSource, ProvidedImage } from "./images/source.ts";
import type { SetUpOptions } from "./options.ts";
import { projectPath } from "./paths.ts";
import { checkResources } from "./preflight.ts";
import type { Progress } from "./progress.ts";
import { imagesOf } from "./rendered.ts";
import { createNetwork, type Run } from "./run.ts";
import { operatorCrds } from "./stack.ts";

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
] as const;
export type ClusterComponent = (typeof clusterComponents)[number];

/** What a run is made of, all of it on this machine: from here on no network is needed. */
export interface Materials {
	/** As in --images. */
	readonly imageSource: string;
	/** Docker's name of the run's network. */
	readonly network: string;
	readonly components: ReadonlyMap<ClusterComponent, ProvidedImage>;
	readonly chart: Environment["chart"];
	readonly helm: LoadedChart;
	/** YAML. */
	readonly crds: string;
	/** Every image that the rendered chart refers to. */
	readonly chartImages: readonly ProvidedImage[];
}

/** Gets the images, the chart, and Helm on the run's network. */
export async function gatherMaterials(
	engine: Engine,
	run: Run,
	options: SetUpOptions,
	progress: Progress,
): Promise<Materials> {
	await checkResources(engine);
	const network = await createNetwork(engine, run);
	const source = await progress.phase("image source", () =>
		openImageSource(engine.docker, options.images, progress),
	);
	const components = await progress.phase("images of the cluster", () =>
		provideComponents(source, options, progress),
	);
	const helmImage = imageOf(components, "helm").local;
	const { release } = await readVersions();
	const { chart, helm, references } = await progress.phase(
		"chart",
		async () => {
			const located = await locateChart(
				engine.docker,
				run,
				helmImage,
				{ chart: options.chart, version: options.chartVersion },
				progress,
			);
			const values = await readAllValues(options);
			const started = await StartedHelm.start(run, helmImage, network);
			const loaded = await started.load(located, values, release);
			const kubeVersion = kubeVersionOf(imageOf(components, "k3s"));
			const [{ name, version }, manifests] = await Promise.all([
				loaded.metadata(),
				loaded.render({ kubeVersion }),
			]);
			return {
				chart: { name, version, source: located.source },
				helm: loaded,
				references: imagesOf(manifests),
			};
		},
	);
	const chartImages = await progress.phase("images of the chart", () =>
		source.provideReferences(references, progress),
	);
	const ownCrds = await helm.crds();
	return {
		imageSource: source.name,
		network,
		components,
		chart,
		helm,
		crds: ownCrds.trim()
			? ownCrds
			: await operatorCrds(engine.docker, run, chartImages),
		chartImages,
	};
}

/** The image of a component that was provided. */
export function imageOf(
	components: ReadonlyMap<ClusterComponent, ProvidedImage>,
	name: ClusterComponent,
): ProvidedImage {
	const image = components.get(name);
	if (!image) throw new SetUpError(`no image of ${name} was provided`);
	return image;
}

/** The homelab's values, the test's overrides, and the person's, in the order in which they are layered. */
export async function readAllValues({ values }: Pick<SetUpOptions, "values">) {
	const own = ["kube-prometheus-stack.yaml", "test-overrides.yaml"];
	return [
		...(await Promise.all(
			own.map(async (name) => ({
				name,
				content: await readFile(projectPath("stack/values", name), "utf8"),
			})),
		)),
		...values,
	];
}

async function provideComponents(
	source: ImageSource,
	{ k3sVersion }: SetUpOptions,
	progress: Progress,
): Promise<Map<ClusterComponent, ProvidedImage>> {
	if (k3sVersion && !source.name.startsWith("pull")) {
		throw new BadInputError(
			`--k3s-version ${k3sVersion}: only --images pull can take another k3s, the source here is ${source.name}`,
		);
	}
	const names = clusterComponents.filter(
		(name) => name !== "k3s" || !k3sVersion,
	);
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
		clusterComponents.flatMap((name) => {
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
