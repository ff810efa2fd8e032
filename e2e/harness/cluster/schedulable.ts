import type { KubeClient } from "../../clients/kubernetes.ts";

/** Cordons a node, or takes that back. */
export async function setSchedulable(
	kube: KubeClient,
	node: string,
	wanted: boolean,
): Promise<void> {
	await kube.apply([
		{
			apiVersion: "v1",
			kind: "Node",
			metadata: { name: node },
			spec: { unschedulable: !wanted },
		},
	]);
}
