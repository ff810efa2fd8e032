import { z } from "zod";
import type { Node } from "../../clients/kube-objects.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import type { NodeName } from "./tiers.ts";

/**
 * Leaves it to this process to give nodes the addresses of their pods. The controller manager waits 10 s before it first
 * looks for nodes (`listNodes` in Kubernetes' pkg/controller/nodeipam/ipam), and no other controller starts until then.
 */
export const withoutNodeIpam =
	"--kube-controller-manager-arg=allocate-node-cidrs=false";

const withNetwork = z.looseObject({
	spec: z.looseObject({ podCIDR: z.string().optional() }),
});

/**
 * Gives those nodes that have none yet a part of k3s' network of pods, 10.42.0.0/16, as the controller manager does.
 *
 * @param nodeNames all nodes of the cluster, always in the same order
 */
export async function assignPodNetworks(
	kube: Pick<KubeClient, "mergePatch">,
	nodes: readonly Node[],
	nodeNames: readonly NodeName[],
): Promise<void> {
	await Promise.all(
		nodeNames.map(async (name, index) => {
			const seen = nodes.find(({ metadata }) => metadata.name === name);
			if (!seen || withNetwork.parse(seen).spec.podCIDR !== undefined) return;
			const podCIDR = `10.42.${index}.0/24`;
			await kube.mergePatch(
				{ apiVersion: "v1", kind: "Node", name },
				{ spec: { podCIDR, podCIDRs: [podCIDR] } },
			);
		}),
	);
}
