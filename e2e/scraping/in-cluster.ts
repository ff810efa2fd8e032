import type { ActiveTarget } from "../clients/prometheus-schemas.ts";
import type { ClusterState } from "./cluster-state.ts";

const ofService = /^(?<name>[^.]+)\.(?<namespace>[^.]+)\.svc(\.|$)/;

/**
 * Whether a target is part of the cluster. Others, such as a storage box in the homelab's network, or the Service of an
 * application that is not installed here, need not be reachable from where the stack is tested.
 */
export function isInCluster(
	{ discoveredLabels }: Pick<ActiveTarget, "discoveredLabels">,
	services: ClusterState["services"],
): boolean {
	const [host = ""] = (discoveredLabels.__address__ ?? "").split(":");
	const service = ofService.exec(host)?.groups;
	return (
		Object.keys(discoveredLabels).some((label) =>
			label.startsWith("__meta_kubernetes_"),
		) ||
		/^(localhost|127\..+)$/.test(host) ||
		services.some(
			({ metadata: { name, namespace } }) =>
				name === service?.name && namespace === service?.namespace,
		)
	);
}
