import { uniq } from "es-toolkit";
import { parseManifests } from "../../clients/api-server/manifests.ts";
import { nameOf } from "../../clients/kube-objects.ts";
import { clusterClockAhead } from "../../common/clock/cluster-clock.ts";
import type { Environment, Refusal } from "../../common/environment.ts";
import { SetUpError } from "../../common/errors.ts";
import { labels } from "../../common/labels.ts";
import { readAsWritten } from "../chart/as-written/as-written.ts";
import type { StartedCluster } from "../cluster/cluster.ts";
import {
	objectStoreSecrets,
	type StartedObjectStore,
} from "../cluster/object-store.ts";
import { parseImageReference } from "../images/reference.ts";
import type { ProvidedImage } from "../images/source.ts";
import { waitForStackOrRefusals } from "../readiness/stack.ts";
import type { Run } from "../run/run.ts";
import { changeAddon } from "./addons/start.ts";
import type { ChartMaterials } from "./chart-materials.ts";
import { browser, imageOf } from "./cluster-images.ts";
import { type HomelabSecrets, listSecretValues } from "./homelab-secrets.ts";
import type { Materials } from "./materials.ts";
import { applyNodeLabels, findNodeLabels } from "./nodes/node-labels.ts";
import { applyOwnObjects, makeOwnObjects } from "./own-objects/own-objects.ts";
import { describeOwnSecret } from "./secrets/make.ts";

/** A test environment, and what the report says about it. */
export interface StartedEnvironment {
	readonly environment: Environment;
	readonly imageSource: string;
	/** The images and objects that others stand in for, each in a sentence. */
	readonly standIns: readonly string[];
	/** Values that a person should change before they do harm, each in a sentence. */
	readonly warnings: readonly string[];
	/** The objects that the chart makes of the homelab's and the person's values, as `nameOf` names them. */
	readonly rendered: readonly string[];
}

/** An environment that this process set up, so that it can change the stack in it. */
export interface FreshEnvironment extends StartedEnvironment {
	readonly cluster: StartedCluster;
	/** The two kinds of stand-ins by themselves. */
	readonly imageStandIns: readonly string[];
	readonly madeUp: readonly string[];
	/** e.g. 1.25.4 */
	readonly kubeVersion: string;
	/** All charts; the first one is installed. */
	readonly charts: readonly ChartMaterials[];
	/**
	 * Upgrades to the same chart with further values (YAML) layered over all but the test's overrides, with what stands in
	 * for what these values refer to, and waits until it is rolled out. From then on, `environment` says what is as written
	 * in these values.
	 *
	 * @returns what the stack refuses of them
	 */
	upgrade(values: string): Promise<readonly Refusal[]>;
	/**
	 * Applies an addon with changed manifests (YAML), and waits until they are rolled out.
	 *
	 * @returns undoes the change
	 */
	changeAddon(
		name: string,
		change: (manifests: string) => string,
	): Promise<() => Promise<void>>;
	/** The environment for the claims if another of the charts is installed. */
	environmentOf(chart: ChartMaterials): Environment;
}

/** What set-up has started. */
export interface SetUpResult {
	readonly run: Run;
	readonly namespace: string;
	readonly materials: Materials;
	readonly installed: ChartMaterials;
	readonly cluster: StartedCluster;
	readonly objectStore: StartedObjectStore;
	readonly homelabSecrets: HomelabSecrets;
	readonly warnings: readonly string[];
	readonly firstExternalLabels: Environment["firstExternalLabels"];
	readonly refused: readonly Refusal[];
	readonly reportDir: string;
}

/** Makes the environment from what set-up has started. */
export function makeFreshEnvironment(made: SetUpResult): FreshEnvironment {
	const { materials, installed, cluster, namespace } = made;
	const { components, charts, kubeVersion } = materials;
	let { asWritten } = installed;
	const images = [
		...components.values(),
		...charts.flatMap((each) => each.images),
	];
	const imageStandIns = [...new Set(images.flatMap(describeStandIn))];
	const madeUp = [
		...materials.ownSecrets.map(describeOwnSecret),
		...materials.ownObjects.sentences,
		...uniq(charts.flatMap(({ adapted }) => adapted)),
	];
	const rendered = parseManifests(installed.manifests);
	return {
		cluster,
		kubeVersion,
		charts,
		environmentOf: (chart) => makeEnvironment(made, chart),
		get environment() {
			return makeEnvironment(made, { ...installed, asWritten });
		},
		imageSource: materials.imageSource,
		standIns: [...imageStandIns, ...madeUp],
		imageStandIns,
		madeUp,
		warnings: made.warnings,
		rendered: [
			...rendered.map(nameOf),
			...installed.leftOut.map((name) => `StorageClass/${name}`),
		],
		upgrade: async (values) => {
			const { helm } = installed;
			asWritten = await readAsWritten(helm, kubeVersion, values);
			const manifests = await helm.render({
				kubeVersion,
				furtherValues: values,
				flags: ["--skip-tests"],
			});
			const parsed = parseManifests(manifests);
			const own = await makeOwnObjects({
				installed: parsed,
				given: materials.given,
				namespace,
			});
			await applyOwnObjects(cluster.kube, own.objects);
			await applyNodeLabels(cluster.kube, findNodeLabels(parsed));
			await helm.install(cluster.internalKubeconfig, values);
			return waitForStackOrRefusals(cluster.kube, namespace);
		},
		changeAddon: (name, change) => {
			const addon = materials.addons.find((each) => each.name === name);
			if (!addon) throw new SetUpError(`there is no addon ${name} in this run`);
			const tools = { kube: cluster.kube, components, rendered };
			return changeAddon(tools, addon, change);
		},
	};
}

/** The environment of what set-up has started, as claims get it, if a chart is installed. */
export function makeEnvironment(
	{
		run,
		namespace,
		materials: { components, addons },
		installed,
		cluster,
		objectStore,
		homelabSecrets,
		firstExternalLabels,
		refused,
		reportDir,
	}: SetUpResult,
	{ chart, images, asWritten }: ChartMaterials,
): Environment {
	const { dopplerToken: _, ...known } = homelabSecrets;
	const candidates = [...images, ...installed.images];
	return {
		runId: run.id,
		clusterId: run.id,
		kubeconfig: cluster.kubeconfig,
		namespace,
		nodes: cluster.nodes,
		objectStore: objectStore.access,
		images: {
			prometheus: toolImage(candidates, "prometheus"),
			alertmanager: toolImage(candidates, "alertmanager"),
			node: imageOf(components, "node").reference,
			debian: imageOf(components, "debian").local,
			browser: components.get(browser)?.local,
		},
		chart,
		asWritten,
		firstExternalLabels,
		refused,
		clockAhead: clusterClockAhead(),
		reportDir,
		secrets: [
			...listSecretValues(homelabSecrets),
			...objectStoreSecrets(objectStore),
		],
		...known,
		addons: addons.map(({ name }) => name),
	};
}

/** Finds the image that contains a tool. It is the chart's, so that tool and server have the same version. */
function toolImage(images: readonly ProvidedImage[], name: string): string {
	const image = images.find(({ reference }) =>
		parseImageReference(reference).path.endsWith(`/${name}`),
	);
	if (!image) {
		throw new SetUpError(
			`none of the chart's images is that of ${name}: its repository must end in /${name}`,
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
	const { component, version, otherVersions } = standIn;
	const [first, ...more] = otherVersions?.split(", ") ?? [];
	const others = first
		? `, with other versions of ${more.length + 1} of its dependencies than its go.mod names, such as ${first}; the image's label ${labels.otherVersions} has them all`
		: "";
	return [
		`${reference}: ${component} ${version}, built here as ${local}${others}`,
	];
}
