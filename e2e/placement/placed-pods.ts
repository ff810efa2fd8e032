import { uniqBy } from "es-toolkit";
import { z } from "zod";
import { type KubeObject, type Pod, pod } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import { budgets } from "../common/budgets.ts";
import { eventually } from "../common/eventually.ts";
import type { PromisedComponent } from "../scraping/promised-targets.ts";

const tierLabel = "o11y.ruiz.sh/tier";

/**
 * Waits until the pods of a component are there, each on a node: those of the job from which Prometheus has the
 * component's own series, whatever they are called.
 *
 * @param namespace where pods that no node takes are looked for, to say why there is none
 */
export async function waitForPlacedPods(
	kube: KubeClient,
	prometheus: PrometheusClient,
	component: PromisedComponent,
	namespace: string,
	budget: number = budgets.scrapeInterval,
): Promise<Pod[]> {
	const { pods } = await eventually(
		`pods of ${component.component} run`,
		budget,
		async () => {
			const jobs = await prometheus.query(
				`group by (job) (${component.series})`,
			);
			const { active } = await prometheus.targets({ state: "active" });
			// By their job: a pod that is new has no series yet.
			const targets = active.filter(({ labels }) =>
				jobs.some(({ metric }) => metric.job === labels.job),
			);
			const pods = await Promise.all(
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
			return {
				// A pod may have several ports that are scraped.
				pods: uniqBy(pods, ({ metadata }) => metadata.uid),
				homeless: await listHomeless(kube, namespace),
			};
		},
		({ pods, homeless }) => {
			if (pods.length > 0 && pods.every(({ spec }) => spec.nodeName))
				return true;
			return [
				`the job that Prometheus has ${component.series} from has ${pods.length} pods`,
				...homeless,
			].join("; ");
		},
	);
	return pods;
}

/** A sentence for each pod that the scheduler finds no node for, in its own words. */
async function listHomeless(
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
			.map(({ message }) => `no node takes pod ${metadata.name}: ${message}`),
	);
}

/** A sentence for each way in which a pod is not bound to a tier; none where its nodeSelector leaves nothing else. */
export function explainPlacement(
	{ metadata, spec }: Pod,
	tier: string,
	nodes: readonly KubeObject[],
): string[] {
	const wanted = Object.entries(spec.nodeSelector);
	const open = nodes.filter(({ metadata: { labels } }) =>
		wanted.every(([key, value]) => labels[key] === value),
	);
	const isElsewhere = ({ metadata: { labels } }: KubeObject) =>
		labels[tierLabel] !== tier;
	const here = nodes.find((node) => node.metadata.name === spec.nodeName);
	const astray = open.filter(isElsewhere).map((node) => node.metadata.name);
	return [
		...(!here || isElsewhere(here)
			? [`pod ${metadata.name} runs on ${spec.nodeName}, not on tier ${tier}`]
			: []),
		...(astray.length > 0
			? [
					`pod ${metadata.name} may run on ${astray.join(", ")} as well: its nodeSelector is ${JSON.stringify(spec.nodeSelector)}`,
				]
			: []),
	];
}

const daemonSet = z.looseObject({
	status: z.looseObject({ desiredNumberScheduled: z.number() }),
});

/** How many nodes a pod's DaemonSet wants to have a pod on. @throws Error where no DaemonSet has made the pod */
export async function countWantedNodes(
	kube: KubeClient,
	{ metadata }: Pod,
): Promise<number> {
	const owner = metadata.ownerReferences.find(
		({ kind }) => kind === "DaemonSet",
	);
	if (!owner) throw new Error(`pod ${metadata.name} is of no DaemonSet`);
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
