import type { Pod } from "../clients/kube-objects.ts";

/**
 * A sentence for each pod of Node Exporter with a network of its own: whatever it is told of the node's /proc, the kernel
 * shows it the devices of its own network.
 */
export function findOwnNetworks(
	pods: readonly Pick<Pod, "metadata" | "spec">[],
): string[] {
	return pods
		.filter(({ spec }) => !spec.hostNetwork)
		.map(
			({ metadata, spec }) =>
				`no network series is of node ${spec.nodeName}: Node Exporter's pod ${metadata.name} has a network of its own (hostNetwork: false), and its series are of that`,
		);
}
