import { z } from "zod";
import { type KubeObject, type Pod, pod } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { budgets } from "../common/budgets.ts";
import { eventually, notYet } from "../common/eventually.ts";
import { tierLabel } from "../harness/cluster/tiers.ts";
import { listPlantedNamespaces } from "../scraping/cluster-state.ts";
import {
	imagePattern,
	type PromisedComponent,
} from "../scraping/promised-targets.ts";

/**
 * Waits until the pods of a component are there, each on a node. They are found by their containers' images: whether they
 * are scraped is another claim.
 *
 * @param namespace the stack's; another one's pods count only if it has none
 */
export async function waitForPlacedPods(
	kube: KubeClient,
	component: PromisedComponent,
	namespace: string,
	budget: number = budgets.scheduling,
): Promise<Pod[]> {
	return eventually(`pods of ${component.component} run`, budget, async () => {
		const planted = await listPlantedNamespaces(kube);
		const all = await kube.list({ apiVersion: "v1", kind: "Pod" }, pod);
		const pods = takeComponentPods(
			all.filter(({ metadata }) => !planted.has(metadata.namespace ?? "")),
			component,
			namespace,
		);
		if (pods.length > 0 && pods.every(({ spec }) => spec.nodeName)) return pods;
		return notYet(
			[
				`${pods.length} pods have a container of image ${component.image}${component.argument ? ` with argument ${component.argument}` : ""}`,
				...listUnschedulable(pods),
			].join("; "),
		);
	});
}

/** A component's pods, without those that have ended or are being deleted: in the stack's namespace, or else in others. */
export function takeComponentPods(
	all: readonly Pod[],
	component: Pick<PromisedComponent, "component" | "image" | "argument">,
	namespace: string,
): Pod[] {
	const { image, argument } = component;
	if (image === undefined)
		throw new Error(
			`promised-targets.yaml has no image of ${component.component}`,
		);
	const pattern = imagePattern(image);
	const own = all.filter(
		({ metadata, spec, status }) =>
			!metadata.deletionTimestamp &&
			!["Succeeded", "Failed"].includes(status.phase ?? "") &&
			[...spec.initContainers, ...spec.containers].some(
				(each) =>
					typeof each.image === "string" &&
					pattern.test(each.image) &&
					(argument === undefined || each.args.includes(argument)),
			),
	);
	const here = own.filter(({ metadata }) => metadata.namespace === namespace);
	return here.length > 0 ? here : own;
}

/** A sentence for each pod that has no node, with the scheduler's message. */
function listUnschedulable(pods: readonly Pod[]): string[] {
	return pods.flatMap(({ metadata, status }) =>
		status.conditions
			.filter(
				({ type, status }) => type === "PodScheduled" && status !== "True",
			)
			.map(({ message }) => `pod ${metadata.name} has no node: ${message}`),
	);
}

/** Whether a message says of each of these pods, of which there are some, that the scheduler found no node for it. */
export function reportsNoNode(message: string, pods: readonly Pod[]): boolean {
	return (
		pods.length > 0 &&
		pods.every(({ metadata: { name } }) =>
			message.includes(`pod ${name} has no node: 0/`),
		)
	);
}

/** A sentence for each way in which a pod is not bound to a tier; none if its nodeSelector allows only that one. */
export function explainPlacement(
	{ metadata, spec }: Pod,
	tier: string,
	nodes: readonly KubeObject[],
): string[] {
	const wanted = Object.entries(spec.nodeSelector);
	const allowed = nodes.filter(({ metadata: { labels } }) =>
		wanted.every(([key, value]) => labels[key] === value),
	);
	const isElsewhere = ({ metadata: { labels } }: KubeObject) =>
		labels[tierLabel] !== tier;
	const here = nodes.find((node) => node.metadata.name === spec.nodeName);
	const others = allowed.filter(isElsewhere).map((node) => node.metadata.name);
	return [
		...(!here || isElsewhere(here)
			? [`pod ${metadata.name} runs on ${spec.nodeName}, not on tier ${tier}`]
			: []),
		...(others.length > 0
			? [
					`pod ${metadata.name} may also run on ${others.join(", ")}: its nodeSelector is ${JSON.stringify(spec.nodeSelector)}`,
				]
			: []),
	];
}

const daemonSet = z.looseObject({
	status: z.looseObject({ desiredNumberScheduled: z.number() }),
});

/** On how many nodes a pod's DaemonSet wants to run. @throws Error if no DaemonSet owns the pod */
export async function countWantedNodes(
	kube: KubeClient,
	{ metadata }: Pod,
): Promise<number> {
	const owner = metadata.ownerReferences.find(
		({ kind }) => kind === "DaemonSet",
	);
	if (!owner) throw new Error(`no DaemonSet owns pod ${metadata.name}`);
	const { status } = await kube.get(
		{
			apiVersion: "apps/v1",
			kind: "DaemonSet",
			namespace: metadata.namespace,
			name: owner.name,
		},
		daemonSet,
	);
	return status.desiredNumberScheduled;
}
