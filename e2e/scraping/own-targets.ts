import type { KubeClient } from "../clients/kubernetes.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import type { ActiveTarget } from "../clients/prometheus-schemas.ts";
import { type ClusterState, listPlantedNamespaces } from "./cluster-state.ts";

/** The active targets that no test has planted: those come and go, and others need not wait until they are scraped. */
export async function readOwnTargets(
	kube: KubeClient,
	prometheus: PrometheusClient,
): Promise<ActiveTarget[]> {
	const { active } = await prometheus.targets({ state: "active" });
	return withoutPlantedTargets(active, {
		plantedNamespaces: await listPlantedNamespaces(kube),
	});
}

export function withoutPlantedTargets(
	active: readonly ActiveTarget[],
	{ plantedNamespaces }: Pick<ClusterState, "plantedNamespaces">,
): ActiveTarget[] {
	return active.filter(({ discoveredLabels }) => {
		const namespace = discoveredLabels.__meta_kubernetes_namespace;
		return !plantedNamespaces.has(namespace ?? "");
	});
}
