import type { Pod } from "../clients/kube-objects.ts";
import type { ActiveTarget } from "../clients/prometheus-schemas.ts";

/** The pods that a target was discovered with; none if it is outside of the cluster. */
export function takePodsOf(
	{ discoveredLabels }: Pick<ActiveTarget, "discoveredLabels">,
	pods: readonly Pod[],
): Pod[] {
	return pods.filter(
		({ metadata }) =>
			discoveredLabels.__meta_kubernetes_namespace === metadata.namespace &&
			discoveredLabels.__meta_kubernetes_pod_name === metadata.name,
	);
}

/** The arguments of all of their containers. */
export function argumentsOf(pods: readonly Pod[]): string[] {
	return pods.flatMap(({ spec }) =>
		spec.containers.flatMap(({ args }) => args),
	);
}
