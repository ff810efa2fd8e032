import type { KubeClient } from "../clients/kubernetes.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import type { Nodes } from "../harness/cluster/nodes.ts";
import { findPrometheusProcess } from "../harness/cluster/prometheus-pod.ts";
import type { StartedLedger } from "../ledger/writer.ts";

/** A Prometheus that a test breaks, with the ledger that is written to it meanwhile. */
export interface PrometheusUnderTest {
	readonly kube: KubeClient;
	readonly prometheus: PrometheusClient;
	/** Prometheus' own. */
	readonly namespace: string;
	readonly ledger: StartedLedger;
}

/** Its process, and where its data is on its node. */
export function findProcess(
	{ kube, prometheus, namespace }: PrometheusUnderTest,
	nodes: Nodes,
) {
	return findPrometheusProcess(kube, nodes, prometheus, namespace);
}
