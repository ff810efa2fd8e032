import type { KubeClient } from "../../clients/kubernetes.ts";
import { PrometheusClient } from "../../clients/prometheus.ts";
import { listLastPhases } from "../../common/critical-path.ts";
import type { Progress } from "../../common/progress.ts";

/**
 * Prometheus' external labels, of several replicas the first's; none if a chart has no Prometheus. It is read when all else
 * of set-up is done.
 */
export function readExternalLabels(
	kube: KubeClient,
	namespace: string,
	progress: Progress,
): Promise<Readonly<Record<string, string>>> {
	return progress.phase(
		"Prometheus' external labels",
		() => read(kube, namespace),
		listLastPhases(progress.phases),
	);
}

async function read(
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
