import type { KubeClient } from "../clients/kubernetes.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import { readClusterState } from "./cluster-state.ts";
import { comparePools } from "./compare-pools.ts";
import { expectPools } from "./expected-pools.ts";
import { mayFindNothing } from "./promised-targets.ts";

/**
 * What Prometheus does not scrape as the cluster's monitors, Services and pods ask for; what tests have planted is
 * left out.
 *
 * @returns a sentence for each difference; none when everything is up
 */
export async function findMissingTargets(
	kube: KubeClient,
	prometheus: PrometheusClient,
): Promise<string[]> {
	const state = await readClusterState(kube);
	const { scrape_configs } = await prometheus.config();
	const { active } = await prometheus.targets({ state: "active" });
	return comparePools(
		expectPools(state, mayFindNothing),
		scrape_configs.map(({ job_name }) => job_name),
		active.filter(({ discoveredLabels }) => {
			const namespace = discoveredLabels.__meta_kubernetes_namespace;
			return !state.plantedNamespaces.has(namespace ?? "");
		}),
	);
}
