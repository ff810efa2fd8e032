import type { KubeClient } from "../clients/kubernetes.ts";
import { budgets } from "../common/budgets.ts";
import { eventually, notYet } from "../common/eventually.ts";
import type { Nodes } from "../harness/cluster/nodes.ts";
import {
	type PrometheusProcess,
	readLocalBlocks,
} from "../harness/cluster/prometheus-pod.ts";

/** Waits until Prometheus itself has dropped a block: it is off the disk, and Prometheus' log says why. */
export async function waitForDroppedBlock(
	kube: KubeClient,
	nodes: Nodes,
	local: PrometheusProcess,
	ulid: string,
): Promise<void> {
	await eventually(
		`Prometheus drops block ${ulid}`,
		budgets.retention,
		async () => {
			const blocks = await readLocalBlocks(nodes, local);
			if (blocks.some((each) => each.ulid === ulid))
				return notYet("it is still on the disk");
		},
	);
	const { name, namespace = "" } = local.pod.metadata;
	await eventually(
		`Prometheus logs that it has dropped block ${ulid}`,
		budgets.request,
		async () => {
			const log = await kube.logs(namespace, name, { container: "prometheus" });
			const isLogged = log
				.split("\n")
				.some(
					(line) =>
						line.includes("Deleting obsolete block") && line.includes(ulid),
				);
			if (!isLogged) return notYet("its log does not mention it");
		},
	);
}
