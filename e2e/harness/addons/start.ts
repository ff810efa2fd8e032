import { parseManifests } from "../../clients/kube-objects.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import { type Workload, waitForRollout } from "../../clients/rollout.ts";
import type { ProvidedImage } from "../images/source.ts";
import { readManifests } from "../manifests.ts";
import type { Progress } from "../progress.ts";
import type { Addon, AddonGround } from "./addon.ts";

/** What it takes to start an addon. */
export interface AddonTools {
	readonly kube: KubeClient;
	readonly components: ReadonlyMap<string, ProvidedImage>;
	readonly progress: Progress;
}

/** Applies all addons and waits until they are rolled out, side by side. */
export async function startAddons(
	tools: AddonTools,
	addons: readonly Addon[],
	ground: AddonGround,
): Promise<void> {
	await Promise.all(
		addons.map((addon) =>
			tools.progress.phase(`addon ${addon.name}`, () =>
				startAddon(tools, addon, ground),
			),
		),
	);
}

async function startAddon(
	{ kube, components }: AddonTools,
	{ name, makeObjects }: Addon,
	ground: AddonGround,
): Promise<void> {
	const manifests = parseManifests(
		await readManifests(`stack/addons/${name}.yaml`, components),
	);
	const namespaces = manifests.filter(({ kind }) => kind === "Namespace");
	await kube.apply(namespaces);
	await kube.apply((await makeObjects?.(ground)) ?? []);
	await kube.apply(manifests);
	const workloads = manifests.flatMap(({ kind, metadata }): Workload[] =>
		kind === "Deployment" || kind === "StatefulSet" || kind === "DaemonSet"
			? [{ kind, name: metadata.name, namespace: metadata.namespace ?? "" }]
			: [],
	);
	await Promise.all(workloads.map((each) => waitForRollout(kube, each)));
}
