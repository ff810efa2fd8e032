import type { KubeClient } from "../../clients/kubernetes.ts";
import { makeRefresher } from "../../clients/mounts.ts";
import {
	listPrometheusPods,
	PrometheusClient,
} from "../../clients/prometheus.ts";
import { readRenderedConfig } from "../../clients/rendered-config.ts";
import { budgets } from "../../common/budgets.ts";
import { eventually, notYet } from "../../common/eventually.ts";
import { compareConfigs } from "./compare-configs.ts";
import { waitForDiscovery } from "./discovered-targets.ts";

const renderedConfig = {
	service: "prometheus-operated",
	volume: "config",
	key: "prometheus.yaml.gz",
};

/**
 * Waits until each replica of Prometheus has loaded the configuration that the operator rendered last, and has found its
 * targets. Until then it runs an older one, or one with only half of the monitors.
 *
 * @param findUnrendered a sentence for each change that the operator has not rendered yet; none by default
 * @param lookCloser gets the pods while they run another configuration, and may throw HopelessError
 */
export async function waitForPrometheusConfig(
	kube: KubeClient,
	namespace: string,
	findUnrendered: () => Promise<readonly string[]> = async () => [],
	lookCloser: (pods: readonly string[]) => Promise<void> = async () => {},
): Promise<void> {
	const refresh = makeRefresher(kube, namespace, renderedConfig.service);
	await eventually(
		"Prometheus has loaded the configuration that the operator rendered",
		budgets.ruleReload,
		async () => {
			const pods = await listPrometheusPods(kube, namespace);
			if (pods.length === 0) return notYet("it has no pod");
			const rendered = await readRenderedConfig(
				kube,
				namespace,
				renderedConfig,
			);
			const compared = pods.map(async (pod) => {
				const { name } = pod.metadata;
				const loaded = await PrometheusClient.ofPod(kube, pod).configText();
				return compareConfigs(rendered.toString(), loaded, name).map(
					(each) => `${name}: ${each}`,
				);
			});
			const differences = [
				...(await findUnrendered()),
				...(await Promise.all(compared)).flat(),
			];
			if (differences.length === 0) return;
			await lookCloser(pods.map(({ metadata }) => metadata.name));
			return notYet(await refresh(differences.join("; ")));
		},
	);
	await waitForDiscovery(kube, namespace);
}
