import type { KubeClient } from "../clients/kubernetes.ts";

const taint = { key: "o11y-e2e/placement", effect: "NoSchedule" };

/** Taints a node so that nothing that does not tolerate it is put there, or takes that taint back. */
export async function setTaint(
	kube: KubeClient,
	node: string,
	tainted: boolean,
): Promise<void> {
	await kube.request("PATCH", `/api/v1/nodes/${node}`, {
		headers: { "content-type": "application/strategic-merge-patch+json" },
		body: {
			spec: { taints: [tainted ? taint : { ...taint, $patch: "delete" }] },
		},
	});
}
