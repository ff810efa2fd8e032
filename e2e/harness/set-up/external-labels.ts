import type { KubeClient } from "../../clients/kubernetes.ts";
import { PrometheusClient } from "../../clients/prometheus.ts";

/** Prometheus' external labels, of several replicas the first's; none if a chart has no Prometheus. */
export async function readExternalLabels(
	kube: KubeClient,
	namespace: string,
): Promise<Readonly<Record<string, string>>> {
	try {
		const prometheus = await PrometheusClient.firstInNamespace(kube, namespace);
		return (await prometheus.config()).global.external_labels;
	} catch {
		// The claims say what is wrong with it.
		return {};
	}
}
