import { parseManifests } from "../../clients/api-server/manifests.ts";
import type { Manifest } from "../../clients/kube-objects.ts";
import { inBackground } from "../../common/background.ts";
import type { Progress } from "../../common/progress.ts";
import { StartedHelm } from "../chart/helm.ts";
import { findCrdsComponent, readOperatorCrds } from "../chart/operator-crds.ts";
import { readVersions } from "../chart/versions.ts";
import { type Machine, prepareMachine } from "../cluster/machine.ts";
import { roomOfTiers } from "../cluster/tiers.ts";
import type { Engine } from "../docker/engine.ts";
import {
	checkMachine,
	checkPublishedPorts,
} from "../docker/machine/check-machine.ts";
import {
	findBusybox,
	findImageWithShell,
} from "../docker/machine/tool-image.ts";
import { openImageSource } from "../images/choose-source.ts";
import { imagesOf } from "../images/rendered-references.ts";
import type { ImageSource, ProvidedImage } from "../images/source.ts";
import { createNetwork, type Run } from "../run/run.ts";
import { firstPhase } from "../run/with-run.ts";
import type { Addon } from "./addons/addon.ts";
import { readAddons } from "./addons/start.ts";
import {
	type ChartMaterials,
	type ChartRequest,
	renderChart,
} from "./chart-materials.ts";
import {
	browser,
	type ClusterImageOptions,
	hasPages,
	imageOf,
	kubeVersionOf,
	provideClusterImages,
} from "./cluster-images.ts";
import { checkRoomForReplicas } from "./nodes/room-for-replicas.ts";
import { refuseForeignTemplates } from "./own-objects/foreign-templates.ts";
import { makeOwnObjects, type OwnObjects } from "./own-objects/own-objects.ts";
import { findOwnSecretsOfAll, type OwnSecret } from "./secrets/own-secrets.ts";

/** What a run needs, all of it on this machine: from here on, set-up needs no other machine. */
export interface Materials {
	/** As in --images. */
	readonly imageSource: string;
	/** Docker's name of the run's network. */
	readonly network: string;
	/** The images that every run needs, and those of the addons, by the names of their components. */
	readonly components: ReadonlyMap<string, ProvidedImage>;
	readonly machine: Machine;
	/** The cluster's version of Kubernetes, e.g. 1.25.4. */
	readonly kubeVersion: string;
	/** In the order in which they were requested. */
	readonly charts: readonly ChartMaterials[];
	readonly addons: readonly Addon[];
	/** Secrets by a person's own names, which the test has to make. */
	readonly ownSecrets: readonly OwnSecret[];
	/** What else the values refer to and the test has to make. */
	readonly ownObjects: OwnObjects;
	/** The charts' CRDs, and the addons. */
	readonly given: readonly Manifest[];
}

/** A component of stack/images.yaml that is Helm: version 3 or 4. */
export type HelmComponent = "helm" | "helm4";

export interface MaterialOptions extends ClusterImageOptions {
	/** As in --images, or an open source. */
	readonly images: string | ImageSource;
	/** As in --snapshotter. */
	readonly snapshotter: string | undefined;
	readonly charts: readonly ChartRequest[];
	/** Whether a browser opens Grafana's pages, if it has any. */
	readonly pages: boolean;
	/** The component of the Helm that renders and installs the charts; Helm 3 by default. */
	readonly helm?: HelmComponent;
}

/** The phase that all others of the materials come before. */
export const lastMaterial = "images of the chart";

/** Gets the images and the charts, and starts Helm on the run's network. */
export async function gatherMaterials(
	engine: Engine,
	run: Run,
	options: MaterialOptions,
	progress: Progress,
): Promise<Materials> {
	await checkMachine(engine, run.labels, (line) => progress.say(line));
	const network = await createNetwork(engine, run);
	const { images, addons: wanted } = options;
	const source =
		typeof images === "string"
			? await progress.phase(
					"image source",
					() => openImageSource(engine.docker, images, progress),
					[firstPhase],
				)
			: images;
	const prepare = (image: string) =>
		inBackground(() =>
			prepareMachine(engine, run, image, (line) => progress.say(line)),
		);
	// Building images may take twenty minutes: what the machine lacks is told before that, if there is an image to look with.
	const { image: shell } = await findImageWithShell(engine);
	const early = shell === undefined ? undefined : prepare(shell);
	const probePorts = (image: string) => {
		const { labels } = run;
		return inBackground(() =>
			checkPublishedPorts(engine, { image, labels, network }),
		);
	};
	const { image: busybox } = await findBusybox(engine);
	const earlyPorts = busybox === undefined ? undefined : probePorts(busybox);
	const gathered = Promise.all([
		progress.phase(
			"images of the cluster",
			() => provideClusterImages(source, options, progress),
			["image source"],
		),
		early,
	]);
	// Whether ports are reached is not waited for here, but if they are not, nothing else is.
	const [components] = await Promise.race([
		gathered,
		...(earlyPorts ? [earlyPorts.then(() => gathered)] : []),
	]);
	const ports = earlyPorts ?? probePorts(imageOf(components, "busybox").local);
	const machine = early ?? prepare(imageOf(components, "k3s").local);
	const helmImage = imageOf(components, "helm").local;
	const kubeVersion = kubeVersionOf(imageOf(components, "k3s"));
	const { helm: component = "helm" } = options;
	if (!components.has(component))
		components.set(component, await provide(source, component, progress));
	const renderAll = async () => {
		const ownHelm = imageOf(components, component).local;
		const helm = await StartedHelm.start(run, ownHelm, network);
		const builtImages = source.isBuilt;
		const room = roomOfTiers(engine.info);
		const fetcher = { docker: engine.docker, run, helmImage, builtImages };
		return Promise.all(
			options.charts.map((request) =>
				renderChart(helm, fetcher, request, kubeVersion, room, progress),
			),
		);
	};
	const rendered = await progress.phase("chart", renderAll, [
		"images of the cluster",
	]);
	const { release } = await readVersions();
	// Without these addons it is not the homelab that is tested, but a person's upgrade, as far as it goes.
	const forClaims = wanted.some(({ writesSecrets }) => writesSecrets);
	if (forClaims)
		for (const { manifests } of rendered) {
			checkRoomForReplicas(manifests);
			refuseForeignTemplates(manifests);
		}
	const ownSecrets = findOwnSecretsOfAll(rendered, release.namespace, {
		forClaims,
	});
	const crdsFor = async (references: readonly string[]) => {
		const name = await findCrdsComponent(references);
		const image = await provide(source, name, progress);
		components.set(name, image);
		return readOperatorCrds(engine.docker, run, image);
	};
	const provideForChart = async (
		each: (typeof rendered)[number],
	): Promise<ChartMaterials> => {
		const references = imagesOf(each.manifests);
		const images = await source.provideReferences(references, progress);
		const crds = each.crds.trim() || (await crdsFor(references));
		return { ...each, images, crds };
	};
	const charts = await progress.phase(
		lastMaterial,
		() => Promise.all(rendered.map(provideForChart)),
		["chart"],
	);
	if (options.pages && charts.some(({ images }) => images.some(hasPages)))
		components.set(browser, await provide(source, browser, progress));
	const [installed = [], ...later] = charts.map(({ manifests }) =>
		parseManifests(manifests),
	);
	const given = [
		...charts.flatMap((each) => parseManifests(each.crds)),
		...(await readAddons({ components, rendered: installed }, wanted)),
	];
	await ports;
	return {
		imageSource: source.name,
		network,
		components,
		machine: await machine,
		kubeVersion,
		charts,
		addons: wanted,
		ownSecrets,
		ownObjects: await makeOwnObjects({
			installed,
			later: later.flat(),
			given,
			namespace: release.namespace,
		}),
		given,
	};
}

async function provide(
	source: ImageSource,
	name: string,
	progress: Progress,
): Promise<ProvidedImage> {
	return imageOf(await source.provideComponents([name], progress), name);
}
