import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Workload, waitForRollout } from "../clients/rollout.ts";
import { readVersions } from "./chart.ts";
import { type StartedCluster, startCluster, waitForNodes } from "./cluster.ts";
import type { Engine } from "./engine/engine.ts";
import type { Environment } from "./environment.ts";
import { SetUpError } from "./errors.ts";
import {
	applyGroundWork,
	applySecrets,
	makeSlackWebhookUrl,
} from "./ground-work.ts";
import { parseImageReference } from "./images/reference.ts";
import type { ProvidedImage } from "./images/source.ts";
import { gatherMaterials, imageOf } from "./materials.ts";
import { startObjectStore } from "./object-store.ts";
import type { SetUpOptions } from "./options.ts";
import { projectPath } from "./paths.ts";
import type { Progress } from "./progress.ts";
import { rememberSecret } from "./redact.ts";
import { startRegistry } from "./registry.ts";
import type { Run } from "./run.ts";
import { waitForStack } from "./stack.ts";

/** A place to test in, and what the report says of how it was made. */
export interface StartedEnvironment {
	readonly environment: Environment;
	readonly imageSource: string;
	/** Images that a locally built one stands in for, each in a sentence. */
	readonly standIns: readonly string[];
}

/** An environment that this process made, so that it can change the stack in it. */
export interface FreshEnvironment extends StartedEnvironment {
	/** Installs the same chart with further values (YAML) layered last, and waits until that is rolled out. */
	upgrade(values: string): Promise<void>;
}

/** Hands over what evidence needs as soon as it is there, for set-up can fail half way. */
export interface SetUpEvents {
	onCluster(cluster: StartedCluster): void;
}

/** Makes the cluster and installs the stack. What does not depend on each other runs side by side. */
export async function setUp(
	engine: Engine,
	run: Run,
	options: SetUpOptions,
	reportDir: string,
	progress: Progress,
	events: SetUpEvents,
): Promise<FreshEnvironment> {
	const { docker } = engine;
	const { release } = await readVersions();
	const materials = await gatherMaterials(engine, run, options, progress);
	const { components, chartImages, helm, network } = materials;
	const image = (name: Parameters<typeof imageOf>[1]) =>
		imageOf(components, name);

	const publishing = inBackground(async () => {
		const registry = await progress.phase("registry", () =>
			startRegistry(docker, run, image("registry").local, network),
		);
		await progress.phase("images to the nodes' registry", () =>
			registry.publish([...nodeComponents.map(image), ...chartImages]),
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
			registryMirror: `o11y-e2e-${run.id}-registry:5000`,
		}),
	);
	events.onCluster(cluster);
	const nodesReady = inBackground(() =>
		progress.phase("four nodes Ready", () => waitForNodes(cluster)),
	);

	const slackWebhookUrl = makeSlackWebhookUrl();
	const objectStore = await objectStoreStarting;
	const secrets = [
		slackWebhookUrl,
		slackWebhookUrl.split("/").at(-1) ?? "",
		objectStore.access.secretKey,
		objectStore.thanosUser.secretKey,
	];
	secrets.forEach(rememberSecret);
	const { kube } = cluster;
	await progress.phase("ground work", async () => {
		await Promise.all([
			kube.apply(materials.crds),
			applySecrets(kube, release.namespace, objectStore, slackWebhookUrl),
			// A node that asks for an image too early backs off for longer than the image takes to come.
			publishing.then(() => applyGroundWork(kube, components, slackWebhookUrl)),
		]);
	});
	await progress.phase("helm install", () =>
		helm.install(cluster.internalKubeconfig),
	);
	await nodesReady;
	await progress.phase("stack rolled out", () =>
		Promise.all([
			waitForStack(kube, release.namespace),
			...groundDeployments.map((each) => waitForRollout(kube, each)),
		]),
	);

	const everything = [...components.values(), ...chartImages];
	return {
		imageSource: materials.imageSource,
		standIns: everything.flatMap(describeStandIn),
		upgrade: async (values) => {
			await helm.install(cluster.internalKubeconfig, values);
			await waitForStack(kube, release.namespace);
		},
		environment: {
			runId: run.id,
			clusterId: run.id,
			kubeconfig: cluster.kubeconfig,
			namespace: release.namespace,
			nodes: cluster.nodes,
			objectStore: objectStore.access,
			images: {
				prometheus: toolImage(chartImages, "prometheus"),
				alertmanager: toolImage(chartImages, "alertmanager"),
				node: image("node").reference,
			},
			chart: materials.chart,
			reportDir,
			secrets,
			slackWebhookUrl,
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

const groundDeployments: readonly Workload[] = [
	{ kind: "Deployment", namespace: "kube-system", name: "coredns" },
	{
		kind: "Deployment",
		namespace: "local-path-storage",
		name: "local-path-provisioner",
	},
	{ kind: "Deployment", namespace: "slack-mock", name: "slack-mock" },
];

/** What a cluster was made from, as a key: a kept one is used again only for the same. */
export async function inputsOf(options: SetUpOptions): Promise<string> {
	const { fresh: _, ...rest } = options;
	const hash = createHash("sha256").update(JSON.stringify(rest));
	for (const tree of [
		projectPath("stack"),
		projectPath("fixtures/slack-mock"),
		...(existsSync(options.chart) ? [options.chart] : []),
	])
		hash.update(await hashTree(tree));
	return hash.digest("hex");
}

/** A key of a file's content, or of all files below a folder. */
async function hashTree(path: string): Promise<string> {
	const isFolder = (await stat(path)).isDirectory();
	const names = isFolder
		? (await readdir(path, { recursive: true, withFileTypes: true }))
				.filter((entry) => entry.isFile())
				.map(({ parentPath, name }) => join(parentPath, name))
				.sort()
		: [path];
	const hash = createHash("sha256");
	for (const name of names) hash.update(name).update(await readFile(name));
	return hash.digest("hex");
}

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
