import { parseManifests } from "../../clients/api-server/manifests.ts";
import { inBackground } from "../../common/background.ts";
import type { DisruptedPart } from "../../common/claim-tags.ts";
import { SetUpError } from "../../common/errors.ts";
import type { Progress } from "../../common/progress.ts";
import { rememberSecret } from "../../common/secrecy/redact.ts";
import { findTightRetention } from "../chart/tight-retention.ts";
import { readVersions } from "../chart/versions.ts";
import { startCluster } from "../cluster/cluster.ts";
import { cutOff } from "../cluster/cut-off.ts";
import { waitForNodes } from "../cluster/nodes-ready.ts";
import {
	type StartedObjectStore,
	startObjectStore,
} from "../cluster/object-store.ts";
import { providePinnedImages } from "../cluster/pinned-images.ts";
import type { Engine } from "../docker/engine.ts";
import { registryAddress, startRegistry } from "../images/registry.ts";
import type { Run } from "../run/run.ts";
import { readAddonCrds, startAddon } from "./addons/start.ts";
import { applyBaseObjects } from "./base-objects.ts";
import type { ChartMaterials } from "./chart-materials.ts";
import { imageOf } from "./cluster-images.ts";
import { readExternalLabels } from "./external-labels.ts";
import {
	makeEnvironment,
	makeFreshEnvironment,
	type SetUpResult,
} from "./fresh-environment.ts";
import { listSecretValues, makeHomelabSecrets } from "./homelab-secrets.ts";
import { installChart } from "./install-chart.ts";
import { gatherMaterials, lastMaterial, type Materials } from "./materials.ts";
import { listNodeImages, listPinned } from "./node-images.ts";
import { pullAhead, readPulls } from "./nodes/pull-ahead.ts";
import { applyObjectStore } from "./object-store-objects.ts";
import type { BegunSetUp, SetUpRequest } from "./request.ts";
import { beginRollouts, whenRolledOut, withoutParts } from "./roll-out.ts";
import { applySecrets } from "./secrets/apply.ts";
import { describeOwnSecret } from "./secrets/make.ts";
import { makeDopplerContents } from "./secrets/of-external-secrets.ts";
import { Steps } from "./steps.ts";

/** Begins to set up the cluster and the stack. */
export function beginSetUp(
	engine: Engine,
	run: Run,
	request: SetUpRequest,
	progress: Progress,
): BegunSetUp {
	const begun = Promise.all([
		gatherMaterials(engine, run, request.materials, progress),
		readVersions(),
	]).then(([materials, { release }]) =>
		takeSteps(engine, run, request, materials, release.namespace, progress),
	);
	return {
		cluster: inBackground(async () => (await begun).cluster),
		environment: begun.then(({ environment }) => environment),
		environmentFor: async (ignored) => (await begun).environmentFor(ignored),
		settled: begun.then(
			({ settled }) => settled,
			() => undefined,
		),
	};
}

/** Starts every step of set-up. Each runs when the steps that it needs are done. */
function takeSteps(
	engine: Engine,
	run: Run,
	request: SetUpRequest,
	materials: Materials,
	namespace: string,
	progress: Progress,
): BegunSetUp {
	const { reportDir, additions = {}, refusalsGoOn = false } = request;
	const { components, charts, network, addons, ownSecrets, ownObjects } =
		materials;
	const image = (name: string) => imageOf(components, name);
	const installed = firstOf(charts);
	const rendered = parseManifests(installed.manifests);
	const tight = findTightRetention(installed.manifests);
	for (const warning of tight) progress.say(`warning: ${warning}`);
	const warnings = [...installed.notFollowed, ...tight];
	for (const each of ownSecrets) progress.say(describeOwnSecret(each));
	for (const each of [...ownObjects.sentences, ...installed.adapted])
		progress.say(each);
	const homelabSecrets = makeHomelabSecrets();
	listSecretValues(homelabSecrets).forEach(rememberSecret);
	const inDoppler = makeDopplerContents(rendered);
	const contextOf = (objectStore: StartedObjectStore) => ({
		namespace,
		objectStore,
		secrets: homelabSecrets,
		ownSecrets,
		inDoppler,
	});
	const fromDoppler = addons.some(({ writesSecrets }) => writesSecrets);
	const images = listNodeImages(materials);
	const pinned = listPinned(images, registryAddress(run));
	const steps = new Steps(progress, [lastMaterial]);

	const registry = steps.add("registry", [], () =>
		startRegistry(engine.docker, run, image("registry").local, network),
	);
	const published = steps.add(
		"images to the nodes' registry",
		[registry],
		([started]) => started.publish(images),
	);
	const objectStore = steps.add("object store", [], () =>
		startObjectStore(run, image("minio").local, network),
	);
	const cluster = steps.add("API server", [], () =>
		startCluster(engine, run, {
			image: image("k3s").local,
			machine: materials.machine,
			kubeVersion: materials.kubeVersion,
			snapshotter: request.materials.snapshotter,
			pauseImage: image("pause").reference,
			network,
			registryMirror: registryAddress(run),
			labels: installed.nodeLabels,
		}),
	);
	const nodes = steps.add("four nodes Ready", [cluster], ([started]) =>
		waitForNodes(engine.docker, started),
	);
	const pinnedImages =
		pinned.length === 0
			? Promise.resolve()
			: steps.add(
					"images that are pinned by digest",
					[cluster, nodes, published],
					([started]) => providePinnedImages(started, pinned),
				);
	const crds = steps.add("CRDs", [cluster], async ([{ kube }]) =>
		kube.apply([
			...parseManifests(installed.crds),
			...(await readAddonCrds({ components, rendered }, addons)),
			...ownObjects.objects,
		]),
	);
	const baseObjects = steps.add(
		"base objects",
		// A node that pulls an image too early backs off for longer than it takes to push the image.
		[cluster, published],
		([{ kube }]) =>
			applyBaseObjects(kube, components, homelabSecrets, namespace),
	);
	const secrets = steps.add(
		"object store's Service, and Secrets",
		[cluster, objectStore],
		async ([{ kube }, store]) => {
			await applyObjectStore(kube, namespace, store);
			await applySecrets(kube, contextOf(store), fromDoppler);
		},
	);
	const prepared = steps.add(
		"cluster prepared",
		[cluster, objectStore, crds, baseObjects, secrets],
		async ([{ kube, nodes: containers }, store]) => {
			await additions.beforeChart?.({
				kube,
				namespace,
				charts,
				objectStore: store,
				cutOff: () => nodes.then(() => cutOff(containers)),
			});
		},
	);
	const startedAddons = addons.map((addon) =>
		steps.add(
			`addon ${addon.name}`,
			[cluster, objectStore, prepared],
			([{ kube }, store]) =>
				startAddon({ kube, components, rendered }, addon, contextOf(store)),
		),
	);
	const secretAddons = startedAddons.filter((_, i) => addons[i]?.writesSecrets);
	const helmInstall = steps.add(
		"helm install",
		[cluster, prepared, pinnedImages],
		([{ internalKubeconfig }]) =>
			installChart(installed.helm, internalKubeconfig, (line) =>
				progress.say(line),
			),
	);
	steps.add(
		"images pulled ahead",
		[cluster, published, helmInstall],
		async ([started]) =>
			pullAhead(started, await readPulls(rendered, materials), nodes),
	);
	const rollouts = steps.addParts(
		"rollouts",
		[cluster, helmInstall, nodes],
		([{ kube }], part) =>
			beginRollouts(kube, namespace, installed, refusalsGoOn, part),
	);
	const rolledOut = steps.addParts("stack rolled out", [rollouts], ([all]) =>
		whenRolledOut(all, (line) => progress.say(line)),
	);
	const externalLabels = steps.addParts(
		"external labels",
		[cluster, rollouts],
		([{ kube }, all], part) => readExternalLabels(kube, namespace, all, part),
	);

	const startedFor = async (
		ignored: readonly DisruptedPart[],
	): Promise<SetUpResult> => {
		const noPrometheus = ignored.includes("prometheus");
		await steps.done([
			rolledOut,
			...(noPrometheus ? [externalLabels] : []),
			...(ignored.includes("secrets") ? secretAddons : []),
		]);
		const refused = await whenRolledOut(withoutParts(await rollouts, ignored));
		return {
			run,
			namespace,
			materials,
			installed,
			cluster: await cluster,
			objectStore: await objectStore,
			homelabSecrets,
			warnings: [...warnings, ...refused.map(({ says }) => says)],
			refused,
			firstExternalLabels: noPrometheus ? {} : await externalLabels,
			reportDir,
		};
	};
	return {
		cluster,
		environment: startedFor([]).then(makeFreshEnvironment),
		environmentFor: async (ignored) =>
			makeEnvironment(await startedFor(ignored), installed),
		settled: steps.settled(),
	};
}

function firstOf(charts: readonly ChartMaterials[]): ChartMaterials {
	const [first] = charts;
	if (!first) throw new SetUpError("there is no chart to install");
	return first;
}
