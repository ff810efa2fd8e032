import type { PrometheusClient } from "../clients/prometheus.ts";
import type { ActiveTarget } from "../clients/prometheus-schemas.ts";
import { containerMetric, takeContainerTargets } from "./container-series.ts";
import { findLostOfOthers, type PromisedSeries } from "./foreign-series.ts";
import { minimalSeries } from "./minimal-series.ts";
import { listNodeExporters } from "./node-series.ts";
import { findLostStates, ofPod } from "./state/lost-states.ts";
import type { StateSource } from "./state/state-source.ts";

const ofDeployment = {
	namespace: "some-namespace",
	deployment: "some-deployment",
};
const ofVolumeClaim = {
	namespace: "some-namespace",
	persistentvolumeclaim: "some-volume-claim",
};
const ofNode = { node: "some-node" };

/** What kube-state-metrics has of each object that the claim is about. */
export const stateSeries: readonly PromisedSeries[] = [
	{
		metrics: ["kube_pod_status_phase"],
		own: { ...ofPod, phase: "Running" },
		identity: ofPod,
	},
	{
		metrics: ["kube_pod_container_status_waiting_reason"],
		own: { ...ofPod, container: "main", reason: "CrashLoopBackOff" },
		identity: ofPod,
	},
	{
		metrics: [
			"kube_deployment_spec_replicas",
			"kube_deployment_status_replicas_available",
			"kube_deployment_status_replicas_updated",
		],
		own: ofDeployment,
		identity: ofDeployment,
	},
	{
		// The second leads to the volume, whose capacity counts as well.
		metrics: [
			"kube_persistentvolumeclaim_resource_requests_storage_bytes",
			"kube_persistentvolumeclaim_info",
		],
		oneIsEnough: true,
		own: ofVolumeClaim,
		identity: ofVolumeClaim,
	},
	{
		metrics: ["kube_node_info", "kube_node_spec_unschedulable"],
		own: ofNode,
		identity: ofNode,
	},
	{
		metrics: ["kube_node_status_condition"],
		own: { ...ofNode, condition: "Ready", status: "true" },
		identity: ofNode,
	},
];

/**
 * The series of namespaces, pods and nodes that only the homelab has, and that relabelling would take away, as sentences.
 *
 * @param state where kube-state-metrics' series come from
 */
export async function readLostOfOthers(
	prometheus: PrometheusClient,
	state: StateSource,
): Promise<string[]> {
	const { active } = await prometheus.targets({ state: "active" });
	const { scrape_configs: configs } = await prometheus.config();
	const containers = takeContainerTargets(active);
	const exporters = await listNodeExporters(prometheus, active);
	const ofContainers = [containerMetric, "container_cpu_usage_seconds_total"];
	return [
		...findLostOfOthers(stateSeries, state.targets, configs),
		...findLostStates(state.targets, configs),
		...findLostOfOthers(
			[
				{
					metrics: ofContainers,
					own: { ...ofPod, container: "main" },
					identity: { ...ofPod, ...identifyNode(containers) },
				},
			],
			containers,
			configs,
		),
		...findLostOfOthers(listNodeSeries(exporters), exporters, configs),
	];
}

/** What Node Exporter has of each node: of each kind of disk, device or file system the first. */
export function listNodeSeries(
	targets: readonly Pick<ActiveTarget, "labels">[],
): PromisedSeries[] {
	return minimalSeries
		.filter(({ component }) => component === "Node Exporter")
		.map(({ metrics, label, all = [], machines = [] }) => {
			const [value] = all;
			const [[labels = {}] = []] = machines;
			return {
				metrics,
				own: label && value ? { [label]: value } : labels,
				identity: identifyNode(targets),
			};
		});
}

/** Labels of a node that the cluster does not have: of targets' labels, those that differ. */
function identifyNode(
	targets: readonly Pick<ActiveTarget, "labels">[],
): Readonly<Record<string, string>> {
	const [first] = targets;
	const names = Object.keys(first?.labels ?? {}).filter(
		(name) =>
			// A pod's name is made anew with each pod, and tells no node.
			name !== "pod" &&
			(/^(instance|node)$/.test(name) ||
				new Set(targets.map(({ labels }) => labels[name])).size > 1),
	);
	return Object.fromEntries(
		names.map((name) => {
			const port = /:\d+$/.exec(first?.labels[name] ?? "");
			return [name, `some-node${port?.[0] ?? ""}`];
		}),
	);
}
