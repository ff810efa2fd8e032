import type { ActiveTarget } from "../clients/prometheus-schemas.ts";
import type { ClusterState } from "./cluster-state.ts";
import { readScrapedUrl } from "./scraped-url.ts";

const ofService = /^(?<name>[^.]+)\.(?<namespace>[^.]+)\.svc(\.|$)/;
const ofKubernetes = /^__meta_kubernetes_/;
const ofNode = /^__meta_kubernetes_node_/;

/**
 * Whether a target is part of the cluster. Others, such as a storage box in the homelab's network, the Service of an
 * application that is not installed here, or a program on the homelab's machines, need not be reachable from where the
 * stack is tested.
 */
export function isInCluster(
	target: Pick<ActiveTarget, "discoveredLabels" | "scrapeUrl">,
	state: Pick<ClusterState, "services" | "pods">,
): boolean {
	const { discoveredLabels } = target;
	const found = Object.keys(discoveredLabels).filter((label) =>
		ofKubernetes.test(label),
	);
	if (found.length > 0)
		return (
			!found.every((label) => ofNode.test(label)) || isOfNode(target, state)
		);
	const [host = ""] = (discoveredLabels.__address__ ?? "").split(":");
	return isHere(host, state);
}

/**
 * Whether a target that was discovered as a node is its kubelet, or is relabelled to something else of the cluster. At
 * another port a node may have whatever runs on the machine itself.
 */
function isOfNode(
	target: Parameters<typeof isInCluster>[0],
	state: Parameters<typeof isInCluster>[1],
): boolean {
	const url = readScrapedUrl(target);
	if (!url) return true;
	const { scraped, discovered } = url;
	if (scraped.hostname !== discovered.hostname)
		return isHere(scraped.hostname, state);
	return (
		scraped.port === discovered.port ||
		state.pods.some(
			({ spec }) =>
				spec.hostNetwork &&
				spec.containers.some(({ ports }) =>
					ports.some(
						({ containerPort }) => String(containerPort) === scraped.port,
					),
				),
		)
	);
}

function isHere(
	host: string,
	{ services }: Pick<ClusterState, "services">,
): boolean {
	const service = ofService.exec(host)?.groups;
	return (
		/^(localhost|127\..+)$/.test(host) ||
		services.some(
			({ metadata: { name, namespace } }) =>
				name === service?.name && namespace === service?.namespace,
		)
	);
}
