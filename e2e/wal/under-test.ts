import type { KubeClient } from "../clients/kubernetes.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import type { StartedLedger } from "../ledger/writer.ts";

/** A Prometheus that a test breaks, with the ledger that is written to it meanwhile. */
export interface PrometheusUnderTest {
	readonly kube: KubeClient;
	readonly prometheus: PrometheusClient;
	/** Prometheus' own. */
	readonly namespace: string;
	readonly ledger: StartedLedger;
}
