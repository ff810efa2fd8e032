import { uniqBy } from "es-toolkit";
import { z } from "zod";
import { type KubeObject, type Pod, pod } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import { budgets } from "../common/budgets.ts";
import { eventually, notYet } from "../common/eventually.ts";
import type { PromisedComponent } from "../scraping/promised-targets.ts";

const tierLabel = "o11y.ruiz.sh/tier";

/**
 * Waits until the pods of a component are there, each on a node. They are found by the job from which Prometheus has
 * the component's own series, so their names do not matter.
 *
 * @param namespace where to look for unschedulable pods, which explain why there is none
 */
export async function waitForPlacedPods(
	kube: KubeClient,
	prometheus: PrometheusClient,
	component: PromisedComponent,
	namespace: string,
	budget: number = budgets.scrapeInterval,
): Promise<Pod[]> {
	return eventually(`pods of ${component.component} run`, budget, async () => {
		const jobs = await prometheus.query(`group by (job) (${component.series})`);
		const { active } = await prometheus.targets({ state: "active" });
		// By their job, because a new pod has no series yet.
		const targets = active.filter(({ labels }) =>
			jobs.some(({ metric }) => metric.job === labels.job),
		);
		const found = await Promise.all(
			targets.map(({ discoveredLabels }) =>
				kube.get(
					{
						apiVersion: "v1",
						kind: "Pod",
						namespace: discoveredLabels.__meta_kubernetes_namespace,
						name: discoveredLabels.__meta_kubernetes_pod_name ?? "",
					},
					pod,
				),
			),
		);
		// Several ports of a pod may be scraped.
		const pods = uniqBy(found, ({ metadata }) => metadata.uid);
		if (pods.length > 0 && pods.every(({ spec }) => spec.nodeName)) return pods;
		return notYet(
			[
				`the job from which Prometheus has ${component.series} has ${pods.length} pods`,
				...(await listUnschedulable(kube, namespace)),
			].join("; "),
		);
	});
}

/** A sentence for each pod that has no node, with the scheduler's message. */
async function listUnschedulable(
	kube: KubeClient,
	namespace: string,
): Promise<string[]> {
	const pods = await kube.list(
		{ apiVersion: "v1", kind: "Pod", namespace },
		pod,
	);
	return pods.flatMap(({ metadata, status }) =>
		status.conditions
			.filter(
				({ type, status }) => type === "PodScheduled" && status !== "True",
			)
			.map(({ message }) => `pod ${metadata.name} has no node: ${message}`),
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
