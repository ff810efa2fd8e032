import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { waitForRollout } from "../clients/rollout.ts";
import { type LocatedChart, locateChart, readVersions } from "./chart.ts";
import { type StartedCluster, startCluster, waitForNodes } from "./cluster.ts";
import type { Engine } from "./engine/engine.ts";
import type { Environment } from "./environment.ts";
import { BadInputError } from "./errors.ts";
import {
	applyGroundWork,
	applySecrets,
	makeSlackWebhookUrl,
} from "./ground-work.ts";
import { StartedHelm } from "./helm.ts";
import { openImageSource } from "./images/choose-source.ts";
import { parseImageReference } from "./images/reference.ts";
import type { ProvidedImage } from "./images/source.ts";
import { startObjectStore } from "./object-store.ts";
import type { SetUpOptions } from "./options.ts";
import { projectPath } from "./paths.ts";
import type { Progress } from "./progress.ts";
import { startRegistry } from "./registry.ts";
import { imagesOf } from "./rendered.ts";
import type { Run } from "./run.ts";
import { operatorCrds, waitForStack } from "./stack.ts";

/** The components that every run needs, whatever its chart brings. */
export const clusterComponents = [
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

/** A place to test in, and what the report says of how it was made. */
export interface StartedEnvironment {
	readonly environment: Environment;
	readonly imageSource: string;
	/** Images that a locally built one stands in for, each in a sentence. */
	readonly standIns: readonly string[];
}

/** Gives the caller what can be used for evidence as soon as the API server answers. */
export type OnCluster = (cluster: StartedCluster) => void;

/** Makes the cluster and installs the stack. What does not depend on each other runs side by side. */
export async function setUp(
	engine: Engine,
	run: Run,
	options: SetUpOptions,
	reportDir: string,
	progress: Progress,
	onCluster: OnCluster = () => undefined,
): Promise<StartedEnvironment> {
	const { docker } = engine;
	const { release } = await readVersions();
	const source = await progress.phase("choose image source", () =>
		openImageSource(docker, options.images, progress),
	);
	if (options.k3sVersion && !source.name.startsWith("pull")) {
		throw new BadInputError(
			`--k3s-version ${options.k3sVersion}: only --images pull can take another k3s, the source here is ${source.name}`,
		);
	}
	const components = await progress.phase("images of the cluster", async () => {
		const names = clusterComponents.filter(
			(name) => name !== "k3s" || !options.k3sVersion,
		);
		const found = await source.provideComponents(names, progress);
		if (options.k3sVersion) {
			const tag = options.k3sVersion.replace("+", "-");
			const [k3s] = await source.provideReferences(
				[`docker.io/rancher/k3s:${tag}`],
				progress,
			);
			if (k3s) found.set("k3s", k3s);
		}
		return found;
	});
	const local = (name: (typeof clusterComponents)[number]) => {
		const image = components.get(name);
		if (!image) throw new Error(`no image of ${name} was provided`);
		return image;
	};

	const network = `o11y-e2e-${run.id}`;
	await docker.createNetwork({ Name: network, Labels: { ...run.labels } });
	const registryStarting = progress.phase("registry", () =>
		startRegistry(docker, run, local("registry").local, network),
	);
	const objectStoreStarting = progress.phase("object store", () =>
		startObjectStore(run, local("minio").local, network),
	);
	const clusterStarting = progress.phase("API server", () =>
		startCluster(engine, run, {
			image: local("k3s").local,
			pauseImage: local("pause").reference,
			network,
			registryMirror: `o11y-e2e-${run.id}-registry:5000`,
		}),
	);
	const slackWebhookUrl = makeSlackWebhookUrl();
	const chartReady = progress.phase("chart", async () => {
		const chart = await locateChart(
			run,
			local("helm").local,
			{ chart: options.chart, version: options.chartVersion },
			progress,
		);
		const helm = await StartedHelm.start(
			run,
			local("helm").local,
			network,
			chart,
			await readAllValues(options),
			release,
		);
		const [metadata, crds, manifests] = await Promise.all([
			helm.metadata(),
			helm.crds(),
			helm.render(kubeVersionOf(local("k3s"))),
		]);
		return { chart, helm, metadata, crds, references: imagesOf(manifests) };
	});
	const published = (async () => {
		const { references } = await chartReady;
		const chartImages = await progress.phase("images of the chart", () =>
			source.provideReferences(references, progress),
		);
		const registry = await registryStarting;
		const ofNodes = [
			"pause",
			"coredns",
			"local-path-provisioner",
			"busybox",
			"node",
		] as const;
		await progress.phase("images to the nodes' registry", () =>
			registry.publish([...ofNodes.map(local), ...chartImages]),
		);
		return chartImages;
	})();

	const all = Promise.all([
		clusterStarting,
		objectStoreStarting,
		chartReady,
		published,
	]);
	// A failure is reported where it is awaited, and must not end the process before.
	for (const each of [all, registryStarting]) each.catch(() => undefined);

	const cluster = await clusterStarting;
	onCluster(cluster);
	const nodesReady = progress.phase("four nodes Ready", () =>
		waitForNodes(cluster),
	);
	nodesReady.catch(() => undefined);
	const objectStore = await objectStoreStarting;
	const { helm, metadata, crds, chart } = await chartReady;
	const chartImages = await published;
	await progress.phase("ground work", () =>
		Promise.all([
			applyGroundWork(cluster.kube, components, slackWebhookUrl),
			applySecrets(
				cluster.kube,
				release.namespace,
				objectStore,
				slackWebhookUrl,
			),
			(async () =>
				cluster.kube.apply(
					crds.trim() ? crds : await operatorCrds(docker, run, chartImages),
				))(),
		]),
	);
	await progress.phase("helm install", () =>
		helm.install(cluster.internalKubeconfig),
	);
	await nodesReady;
	await progress.phase("stack rolled out", () =>
		Promise.all([
			waitForStack(cluster.kube, release.namespace),
			...groundDeployments.map((each) =>
				waitForRollout(cluster.kube, { kind: "Deployment", ...each }),
			),
		]),
	);
	const everything = [...components.values(), ...chartImages];
	return {
		imageSource: source.name,
		standIns: describeStandIns(everything),
		environment: {
			runId: run.id,
			kubeconfig: cluster.kubeconfig,
			namespace: release.namespace,
			nodes: cluster.nodes,
			objectStore: objectStore.access,
			images: {
				prometheus: toolImage(everything, "prometheus"),
				alertmanager: toolImage(everything, "alertmanager"),
				node: local("node").reference,
			},
			chart: { ...metadata, source: chart.source },
			reportDir,
			secrets: [
				slackWebhookUrl,
				slackWebhookUrl.split("/").at(-1) ?? "",
				objectStore.access.secretKey,
				objectStore.thanosUser.secretKey,
			],
			slackWebhookUrl,
		},
	};
}

const groundDeployments = [
	{ namespace: "kube-system", name: "coredns" },
	{ namespace: "local-path-storage", name: "local-path-provisioner" },
	{ namespace: "slack-mock", name: "slack-mock" },
];

/** What a cluster was made from, as a key: a kept one is used again only for the same. */
export async function inputsOf(options: SetUpOptions): Promise<string> {
	const { fresh: _, ...rest } = options;
	const hash = createHash("sha256").update(JSON.stringify(rest));
	for (const { content } of await readAllValues(options)) hash.update(content);
	return hash.digest("hex");
}

async function readAllValues({ values }: SetUpOptions) {
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

/** e.g. 1.25.4, from a built image's version or an upstream image's tag. */
function kubeVersionOf(k3s: ProvidedImage): string {
	const text = k3s.standIn?.version ?? parseImageReference(k3s.reference).tag;
	return /\d+\.\d+\.\d+/.exec(text)?.[0] ?? "1.30.0";
}

/** The image in the engine that carries a tool: the chart's own, so that tool and server are of one version. */
function toolImage(images: readonly ProvidedImage[], name: string): string {
	const image = images.find(({ reference }) =>
		parseImageReference(reference).path.endsWith(`/${name}`),
	);
	return image?.local ?? "";
}

function describeStandIns(images: readonly ProvidedImage[]): string[] {
	return images.flatMap(({ reference, local, standIn }) =>
		standIn
			? [
					`${reference}: ${standIn.component} ${standIn.version}, built here as ${local}`,
				]
			: [],
	);
}

export type { LocatedChart };
