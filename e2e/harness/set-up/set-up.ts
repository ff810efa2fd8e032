import { uniqBy } from "es-toolkit";
import type { KubeClient } from "../../clients/kubernetes.ts";
import { type Workload, waitForRollout } from "../../clients/rollout.ts";
import type { Environment } from "../../common/environment.ts";
import { SetUpError } from "../../common/errors.ts";
import type { Progress } from "../../common/progress.ts";
import { rememberSecret } from "../../common/secrecy/redact.ts";
import { readVersions } from "../chart/locate.ts";
import { findTightRetention } from "../chart/tight-retention.ts";
import {
	type StartedCluster,
	startCluster,
	waitForNodes,
} from "../cluster/cluster.ts";
import { cutOff } from "../cluster/cut-off.ts";
import {
	type StartedObjectStore,
	startObjectStore,
} from "../cluster/object-store.ts";
import type { Engine } from "../docker/engine.ts";
import { parseImageReference } from "../images/reference.ts";
import { registryAddress, startRegistry } from "../images/registry.ts";
import type { ProvidedImage } from "../images/source.ts";
import { waitForStack } from "../readiness/stack.ts";
import type { Run } from "../run/run.ts";
import { changeAddon, startAddons } from "./addons/start.ts";
import {
	applyBaseObjects,
	applyObjectStore,
	applySecrets,
} from "./base-objects.ts";
import { listSecretValues, makeHomelabSecrets } from "./homelab-secrets.ts";
import {
	browser,
	type ChartMaterials,
	gatherMaterials,
	imageOf,
	type MaterialOptions,
} from "./materials.ts";

/** A place to test in, and what the report says of how it was made. */
export interface StartedEnvironment {
	readonly environment: Environment;
	readonly imageSource: string;
	/** Images that a locally built one stands in for, each in a sentence. */
	readonly standIns: readonly string[];
	/** What a person should change of the values before it hurts, each in a sentence. */
	readonly warnings: readonly string[];
}

/** An environment that this process made, so that it can change the stack in it. */
export interface FreshEnvironment extends StartedEnvironment {
	readonly cluster: StartedCluster;
	/** e.g. 1.25.4 */
	readonly kubeVersion: string;
	/** The first one is installed. */
	readonly charts: readonly ChartMaterials[];
	/** Installs the same chart with further values (YAML) layered last, and waits until that is rolled out. */
	upgrade(values: string): Promise<void>;
	/**
	 * Applies an addon with its manifests (YAML) changed, and waits until that is rolled out.
	 *
	 * @returns what takes the change back
	 */
	changeAddon(
		name: string,
		change: (manifests: string) => string,
	): Promise<() => Promise<void>>;
	/** The same place as the claims see it with another of the charts installed. */
	environmentOf(chart: ChartMaterials): Environment;
}

/** A cluster whose API server answers, before the chart is installed. */
export interface PreparedCluster {
	readonly kube: KubeClient;
	readonly namespace: string;
	readonly charts: readonly ChartMaterials[];
	readonly objectStore: StartedObjectStore;
	readonly slackWebhookUrl: string;
	/** Waits for the nodes and takes away their way to any machine outside of the run. */
	cutOff(): Promise<void>;
}

export interface SetUpEvents {
	/** Hands over what evidence needs as soon as it is there, for set-up can fail half way. */
	onCluster(cluster: StartedCluster): void;
	/** Adds to the cluster before the chart is installed. */
	onPrepared?(prepared: PreparedCluster): Promise<void>;
	/** Adds to the nodes once they are there. */
	onNodes?(kube: KubeClient): Promise<void>;
}

/** Makes the cluster and installs the stack. What does not depend on each other runs side by side. */
export async function setUp(
	engine: Engine,
	run: Run,
	options: MaterialOptions,
	reportDir: string,
	progress: Progress,
	events: SetUpEvents,
): Promise<FreshEnvironment> {
	const { docker } = engine;
	const { release } = await readVersions();
	const materials = await gatherMaterials(engine, run, options, progress);
	const { components, charts, network } = materials;
	const { addons } = options;
	const addonComponents = addons.flatMap((each) => each.components);
	const [first] = charts;
	if (!first) throw new SetUpError("there is no chart to install");
	const warnings = findTightRetention(first.manifests);
	for (const warning of warnings) progress.say(`warning: ${warning}`);
	// Two charts mostly have the same images.
	const chartImages = uniqBy(
		charts.flatMap(({ images }) => images),
		({ reference }) => reference,
	);
	const image = (name: string) => imageOf(components, name);

	const publishing = inBackground(async () => {
		const registry = await progress.phase("registry", () =>
			startRegistry(docker, run, image("registry").local, network),
		);
		await progress.phase("images to the nodes' registry", () =>
			registry.publish(
				uniqBy(
					[
						...[...nodeComponents, ...addonComponents].map(image),
						...chartImages,
					],
					({ reference }) => reference,
				),
			),
		);
	});
	const objectStoreStarting = inBackground(() =>
		progress.phase("object store", () =>
			startObjectStore(run, image("minio").local, network),
		),
	);
	const cluster = await progress.phase("API server", () =>
		startCluster(engine, run, {
			image: image("k3s").local,
			pauseImage: image("pause").reference,
			network,
			registryMirror: registryAddress(run),
		}),
	);
	events.onCluster(cluster);
	const nodesReady = inBackground(() =>
		progress.phase("four nodes Ready", () => waitForNodes(cluster)),
	);

	const homelabSecrets = makeHomelabSecrets();
	const { slackWebhookUrl, rotatedSlackWebhookUrl, grafanaAdmin, canary } =
		homelabSecrets;
	const objectStore = await objectStoreStarting;
	const secrets = [
		...listSecretValues(homelabSecrets),
		objectStore.access.secretKey,
		objectStore.thanosUser.secretKey,
		objectStore.lokiUser.secretKey,
	];
	secrets.forEach(rememberSecret);
	const { kube } = cluster;
	await progress.phase("base objects", async () => {
		await Promise.all([
			kube.apply(first.crds),
			applyObjectStore(kube, release.namespace, objectStore),
			// A node that asks for an image too early backs off for longer than the image takes to come.
			publishing.then(() => applyBaseObjects(kube, components, homelabSecrets)),
		]);
		if (!addons.some(({ writesSecrets }) => writesSecrets))
			await applySecrets(kube, release.namespace, homelabSecrets);
		await events.onPrepared?.({
			kube,
			namespace: release.namespace,
			charts,
			objectStore,
			slackWebhookUrl,
			cutOff: () => nodesReady.then(() => cutOff(cluster.nodes)),
		});
	});
	const addonTools = { kube, components, progress };
	const addonsStarting = inBackground(() =>
		startAddons(addonTools, addons, {
			namespace: release.namespace,
			objectStore,
			secrets: homelabSecrets,
		}),
	);
	await progress.phase("helm install", () =>
		first.helm.install(cluster.internalKubeconfig),
	);
	await nodesReady;
	await events.onNodes?.(kube);
	await progress.phase("stack rolled out", () =>
		Promise.all([
			waitForStack(kube, release.namespace),
			...baseDeployments.map((each) => waitForRollout(kube, each)),
		]),
	);
	await addonsStarting;

	const everything = [...components.values(), ...chartImages];
	const environmentOf = ({ chart, images }: ChartMaterials): Environment => ({
		runId: run.id,
		clusterId: run.id,
		kubeconfig: cluster.kubeconfig,
		namespace: release.namespace,
		nodes: cluster.nodes,
		objectStore: objectStore.access,
		images: {
			prometheus: toolImage([...images, ...first.images], "prometheus"),
			alertmanager: toolImage([...images, ...first.images], "alertmanager"),
			node: image("node").reference,
			browser: components.get(browser)?.local,
		},
		chart,
		reportDir,
		secrets,
		slackWebhookUrl,
		rotatedSlackWebhookUrl,
		grafanaAdmin,
		canary,
		addons: addons.map(({ name }) => name),
	});
	return {
		cluster,
		kubeVersion: materials.kubeVersion,
		charts,
		environmentOf,
		environment: environmentOf(first),
		imageSource: materials.imageSource,
		standIns: [...new Set(everything.flatMap(describeStandIn))],
		warnings,
		upgrade: async (values) => {
			await first.helm.install(cluster.internalKubeconfig, values);
			await waitForStack(kube, release.namespace);
		},
		changeAddon: (name, change) => {
			const addon = addons.find((each) => each.name === name);
			if (!addon) throw new SetUpError(`there is no addon ${name} to change`);
			return changeAddon(addonTools, addon, change);
		},
	};
}

/** Components that run as pods. */
const nodeComponents = [
	"pause",
	"coredns",
	"local-path-provisioner",
	"busybox",
	"node",
] as const;

const baseDeployments: readonly Workload[] = [
	{ kind: "Deployment", namespace: "kube-system", name: "coredns" },
	{
		kind: "Deployment",
		namespace: "local-path-storage",
		name: "local-path-provisioner",
	},
	{ kind: "Deployment", namespace: "slack-mock", name: "slack-mock" },
];

/** Begins a step whose failure is reported where it is awaited, and must not end the process before. */
function inBackground<T>(action: () => Promise<T>): Promise<T> {
	const result = action();
	result.catch(() => undefined);
	return result;
}

/** The image that carries a tool: the chart's own, so that tool and server are of one version. */
function toolImage(images: readonly ProvidedImage[], name: string): string {
	const image = images.find(({ reference }) =>
		parseImageReference(reference).path.endsWith(`/${name}`),
	);
	if (!image) {
		throw new SetUpError(
			`no image of the chart is recognised as ${name}'s: its repository must end in /${name}`,
		);
	}
	return image.local;
}

function describeStandIn({
	reference,
	local,
	standIn,
}: ProvidedImage): string[] {
	if (!standIn) return [];
	const { component, version } = standIn;
	return [`${reference}: ${component} ${version}, built here as ${local}`];
}
