import type { KubeClient } from "../clients/kubernetes.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import type { ActiveTarget } from "../clients/prometheus-schemas.ts";
import { type ClusterState, readClusterState } from "./cluster-state.ts";
import { comparePools } from "./compare-pools.ts";
import { expectPools } from "./expected-pools.ts";
import { mayFindNothing } from "./promised-targets.ts";
import { whyRefused } from "./target-timing.ts";

/**
 * Compares Prometheus' targets with those that the cluster's monitors, services and pods define, except for what tests
 * have planted.
 *
 * @returns a sentence for each difference; none if all targets are there and up
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
		withoutPlantedTargets(active, state),
		(pool) => whyRefused(pool, scrape_configs),
	);
}

/** The targets that no test has planted. */
export function withoutPlantedTargets(
	active: readonly ActiveTarget[],
	{ plantedNamespaces }: Pick<ClusterState, "plantedNamespaces">,
): ActiveTarget[] {
	return active.filter(({ discoveredLabels }) => {
		const namespace = discoveredLabels.__meta_kubernetes_namespace;
		return !plantedNamespaces.has(namespace ?? "");
	});
}
