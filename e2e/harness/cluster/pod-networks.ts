import { z } from "zod";
import { type Node, node } from "../../clients/kube-objects.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import { budgets } from "../../common/budgets.ts";
import { eventually, notYet } from "../../common/eventually.ts";
import type { NodeName } from "./tiers.ts";

/**
 * Leaves it to this process to give nodes the addresses of their pods. The controller manager waits 10 s before it first
 * looks for nodes (`listNodes` in Kubernetes' pkg/controller/nodeipam/ipam), and no other controller starts until then.
 */
export const withoutNodeIpam =
	"--kube-controller-manager-arg=allocate-node-cidrs=false";

const taintKey = "o11y-e2e/no-network";

/**
 * Keeps pods off a node until its network is up. A node is Ready a second or two earlier, and a kubelet that could not
 * connect a pod tries again only after 10 to 15 s.
 */
export const taintUntilNetwork = `--node-taint=${taintKey}:NoSchedule`;

const registered = z.looseObject({
	metadata: z.looseObject({
		annotations: z.record(z.string(), z.string()).default({}),
	}),
	spec: z.looseObject({
		podCIDR: z.string().optional(),
		taints: z.array(z.looseObject({ key: z.string() })).default([]),
	}),
});

/**
 * Gives those nodes that have none yet a part of k3s' network of pods, 10.42.0.0/16, as the controller manager does, and
 * lets pods run on those whose network is up.
 *
 * @param nodeNames all nodes of the cluster, always in the same order
 * @returns the nodes on which pods may not run yet
 */
export async function connectNodes(
	kube: Pick<KubeClient, "mergePatch">,
	nodes: readonly Node[],
	nodeNames: readonly NodeName[],
): Promise<NodeName[]> {
	const change = (name: NodeName, spec: Readonly<Record<string, unknown>>) =>
		kube.mergePatch({ apiVersion: "v1", kind: "Node", name }, { spec });
	const waiting = await Promise.all(
		nodeNames.map(async (name, index) => {
			const seen = nodes.find(({ metadata }) => metadata.name === name);
			if (!seen) return [name];
			const { metadata, spec } = registered.parse(seen);
			if (spec.podCIDR === undefined) {
				const podCIDR = `10.42.${index}.0/24`;
				await change(name, { podCIDR, podCIDRs: [podCIDR] });
				return [name];
			}
			const others = spec.taints.filter(({ key }) => key !== taintKey);
			if (others.length === spec.taints.length) return [];
			// Flannel says where other nodes reach this one right before it writes down what pods need of it.
			if (metadata.annotations["flannel.alpha.coreos.com/public-ip"])
				await change(name, { taints: others });
			return [name];
		}),
	);
	return waiting.flat();
}

/** Connects nodes that register anew after their Node was deleted, and waits until pods may run on all. */
export async function waitUntilConnected(
	kube: KubeClient,
	nodeNames: readonly NodeName[],
): Promise<void> {
	await eventually(
		"pods may run on every node",
		budgets.nodesReady,
		async () => {
			const nodes = await kube.list({ apiVersion: "v1", kind: "Node" }, node);
			const waiting = await connectNodes(kube, nodes, nodeNames);
			return waiting.length === 0 || notYet(`not on ${waiting.join(", ")}`);
		},
		{ eager: true },
	);
}
