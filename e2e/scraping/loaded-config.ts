import type { KubeClient } from "../clients/kubernetes.ts";
import { makeRefresher } from "../clients/mounts.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import { readRenderedConfig } from "../clients/rendered-config.ts";
import { budgets } from "../common/budgets.ts";
import { eventually } from "../common/eventually.ts";
import { findPrometheusPod } from "../harness/cluster/prometheus-pod.ts";
import { compareConfigs } from "./same-config.ts";

const renderedConfig = {
	service: "prometheus-operated",
	volume: "config",
	key: "prometheus.yaml.gz",
};

/**
 * Waits until Prometheus has loaded the configuration that the operator rendered last: until then it runs an older
 * one, or one of half the monitors.
 *
 * @param findUnrendered a sentence for each thing that the operator is still to render; nothing unless told
 */
export async function waitUntilConfigIsLoaded(
	kube: KubeClient,
	prometheus: PrometheusClient,
	namespace: string,
	findUnrendered: () => Promise<readonly string[]> = async () => [],
): Promise<void> {
	const refresh = makeRefresher(kube, namespace, renderedConfig.service);
	await eventually(
		"Prometheus has loaded the configuration that the operator rendered",
		budgets.ruleReload,
		async () => {
			const { metadata } = await findPrometheusPod(kube, namespace);
			const rendered = await readRenderedConfig(
				kube,
				namespace,
				renderedConfig,
			);
			const differences = [
				...(await findUnrendered()),
				...compareConfigs(
					rendered.toString(),
					await prometheus.configText(),
					metadata.name,
				),
			];
			return differences.length === 0
				? undefined
				: refresh(differences.join("; "));
		},
		(missing) => missing ?? true,
	);
}
