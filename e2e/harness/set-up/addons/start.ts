import { createHash } from "node:crypto";
import { partition } from "es-toolkit";
import { z } from "zod";
import { parseManifests } from "../../../clients/api-server/manifests.ts";
import { refOf } from "../../../clients/api-server/object-ref.ts";
import {
	hasCondition,
	kubeObject,
	type Manifest,
	nameOf,
	withConditions,
} from "../../../clients/kube-objects.ts";
import type { KubeClient } from "../../../clients/kubernetes.ts";
import { type Workload, waitForRollout } from "../../../clients/rollout.ts";
import { budgets } from "../../../common/budgets.ts";
import { eventually, notYet } from "../../../common/eventually.ts";
import { readManifests } from "../../images/project-manifests.ts";
import type { ProvidedImage } from "../../images/source.ts";
import type { Addon, AddonContext } from "./addon.ts";

/** What is needed to start an addon. */
export interface AddonTools {
	readonly kube: KubeClient;
	readonly components: ReadonlyMap<string, ProvidedImage>;
	/** What the chart renders. */
	readonly rendered: readonly Manifest[];
}

/** The manifests of addons. */
export async function readAddons(
	tools: Omit<AddonTools, "kube">,
	addons: readonly Addon[],
): Promise<Manifest[]> {
	const texts = await Promise.all(
		addons.map((addon) => readAddon(tools, addon)),
	);
	return texts.flatMap(parseManifests);
}

/**
 * The CRDs of addons. The chart is installed while the addons start, and its values may bring objects of their kinds, as in
 * a homelab where those are there before.
 */
export async function readAddonCrds(
	tools: Omit<AddonTools, "kube">,
	addons: readonly Addon[],
): Promise<Manifest[]> {
	return (await readAddons(tools, addons)).filter(isCrd);
}

/** Applies an addon, whose CRDs are there already, and waits until it is rolled out. */
export async function startAddon(
	tools: AddonTools,
	addon: Addon,
	context: AddonContext,
): Promise<void> {
	const { kube } = tools;
	const all = parseManifests(await readAddon(tools, addon));
	const own = kindsOf(all);
	const manifests = all.filter((each) => !isCrd(each));
	await kube.apply(manifests.filter(({ kind }) => kind === "Namespace"));
	const made = (await addon.makeObjects?.(context)) ?? [];
	const [custom, others] = partition(made, ({ kind }) => own.has(kind));
	await kube.apply(others);
	await rollOut(kube, [...manifests, ...custom], own, addon.readyFirst);
}

/**
 * Replaces the manifests of an addon by changed ones, and waits until they are rolled out.
 *
 * @param change gets the addon's manifests and returns the changed ones, both as YAML
 * @returns undoes the change
 */
export async function changeAddon(
	tools: AddonTools,
	addon: Addon,
	change: (manifests: string) => string,
): Promise<() => Promise<void>> {
	const text = await readAddon(tools, addon);
	const original = parseManifests(text);
	const changed = parseManifests(change(text));
	const replace = async (
		before: readonly Manifest[],
		after: readonly Manifest[],
	) => {
		const kept = new Set(after.map(nameOf));
		await tools.kube.delete(before.filter((each) => !kept.has(nameOf(each))));
		await rollOut(tools.kube, after, kindsOf(after));
	};
	await replace(original, changed);
	return () => replace(changed, original);
}

async function readAddon(
	{ components, rendered }: Omit<AddonTools, "kube">,
	{ name, adapt }: Addon,
): Promise<string> {
	const text = await readManifests(`stack/addons/${name}.yaml`, components);
	return adapt?.(text, rendered) ?? text;
}

/**
 * @param own the kinds that the addon's CRDs define
 * @param readyFirst those of them that are waited for; what a test has changed may never be Ready
 */
async function rollOut(
	kube: KubeClient,
	manifests: readonly Manifest[],
	own: ReadonlySet<string>,
	readyFirst: readonly string[] = [],
): Promise<void> {
	const [objects, custom] = partition(manifests, ({ kind }) => !own.has(kind));
	await kube.apply(withChecksums(objects));
	const workloads = manifests.flatMap(({ kind, metadata }): Workload[] =>
		isWorkload(kind)
			? [{ kind, name: metadata.name, namespace: metadata.namespace ?? "" }]
			: [],
	);
	await Promise.all(workloads.map((each) => waitForRollout(kube, each)));
	// Custom resources come last, when their controller runs: one that fails too early retries at ever longer intervals.
	const [first, rest] = partition(custom, ({ kind }) =>
		readyFirst.includes(kind),
	);
	await kube.apply(first);
	await Promise.all(first.map((each) => waitUntilReady(kube, each)));
	await kube.apply(rest);
}

async function waitUntilReady(
	kube: KubeClient,
	object: Manifest,
): Promise<void> {
	await eventually(
		`${nameOf(object)} is Ready`,
		budgets.secretSync,
		async () => {
			const { status } = await kube.get(refOf(object), conditional);
			if (hasCondition({ status }, "Ready")) return;
			const messages = status.conditions.map(({ message }) => message);
			return notYet(messages.join("; ") || "no condition yet");
		},
	);
}

const conditional = kubeObject.extend({ status: withConditions });

/** The kinds that the CRDs among manifests define. */
function kindsOf(manifests: readonly Manifest[]): ReadonlySet<string> {
	return new Set(
		manifests.filter(isCrd).map((each) => crd.parse(each).spec.names.kind),
	);
}

function isCrd({ kind }: Manifest): boolean {
	return kind === "CustomResourceDefinition";
}

const crd = z.looseObject({
	spec: z.looseObject({ names: z.looseObject({ kind: z.string() }) }),
});

/** Adds a checksum of the ConfigMaps to pod templates: pods restart when one changes, as most programs read it once. */
export function withChecksums(manifests: readonly Manifest[]): Manifest[] {
	const configs = manifests.filter(({ kind }) => kind === "ConfigMap");
	const checksum = createHash("sha256")
		.update(JSON.stringify(configs))
		.digest("hex")
		.slice(0, 16);
	return manifests.map((each) => {
		if (!isWorkload(each.kind)) return each;
		const { spec } = withTemplate.parse(each);
		const { template } = spec;
		const annotations = {
			...template.metadata.annotations,
			"o11y-e2e/config-checksum": checksum,
		};
		const metadata = { ...template.metadata, annotations };
		return { ...each, spec: { ...spec, template: { ...template, metadata } } };
	});
}

const withTemplate = z.looseObject({
	spec: z.looseObject({
		template: z.looseObject({
			metadata: z
				.looseObject({
					annotations: z.record(z.string(), z.string()).default({}),
				})
				.prefault({}),
		}),
	}),
});

function isWorkload(kind: string): kind is Workload["kind"] {
	return (
		kind === "Deployment" || kind === "StatefulSet" || kind === "DaemonSet"
	);
}
