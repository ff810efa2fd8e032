import type { KubeClient } from "../../clients/kubernetes.ts";
import { PrometheusClient } from "../../clients/prometheus.ts";

/** Prometheus' external labels; none if a chart has no Prometheus. */
export async function readExternalLabels(
	kube: KubeClient,
	namespace: string,
): Promise<Readonly<Record<string, string>>> {
	try {
		const prometheus = PrometheusClient.inNamespace(kube, namespace);
		return (await prometheus.config()).global.external_labels;
	} catch {
		// The claims say what is wrong with it.
		return {};
	}
}
