import type { KubeClient } from "../clients/kubernetes.ts";
import { budgets } from "../common/budgets.ts";
import { eventually } from "../common/eventually.ts";
import type { Nodes } from "../harness/cluster/nodes.ts";
import {
	type PrometheusProcess,
	readLocalBlocks,
} from "../harness/cluster/prometheus-pod.ts";

/** Waits until Prometheus has dropped a block of its own accord: it is off the disk, and the log says who did that. */
export async function waitUntilDropped(
	kube: KubeClient,
	nodes: Nodes,
	local: PrometheusProcess,
	ulid: string,
): Promise<void> {
	await eventually(
		`Prometheus drops block ${ulid}`,
		budgets.retention,
		() => readLocalBlocks(nodes, local),
		(blocks) =>
			blocks.every((each) => each.ulid !== ulid) || "it is still on the disk",
	);
	const { name, namespace = "" } = local.pod.metadata;
	await eventually(
		`Prometheus tells that it has dropped block ${ulid}`,
		budgets.request,
		() => kube.logs(namespace, name, { container: "prometheus" }),
		(log) =>
			log
				.split("\n")
				.some(
					(line) =>
						line.includes("Deleting obsolete block") && line.includes(ulid),
				) || "its log tells nothing of it",
	);
}
