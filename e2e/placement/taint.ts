import { z } from "zod";
import { kubeObject } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { budgets } from "../common/budgets.ts";
import { eventually } from "../common/eventually.ts";

const taint = { key: "o11y-e2e/placement", effect: "NoSchedule" };

const node = kubeObject.extend({
	spec: z.looseObject({
		taints: z.array(z.looseObject({ key: z.string() })).default([]),
	}),
});

/**
 * Taints a node so that nothing that does not tolerate it is put there, or takes that taint back. Other taints stay.
 * The API server has no patch for one of them, so the list is replaced if nobody has changed the node meanwhile.
 */
export async function setTaint(
	kube: KubeClient,
	name: string,
	tainted: boolean,
): Promise<void> {
	const ref = { apiVersion: "v1", kind: "Node", name };
	await eventually(
		`node ${name} is ${tainted ? "tainted" : "no longer tainted"} with ${taint.key}`,
		budgets.request,
		async () => {
			const { metadata, spec } = await kube.get(ref, node);
			const others = spec.taints.filter(({ key }) => key !== taint.key);
			await kube.mergePatch(ref, {
				metadata: { resourceVersion: metadata.resourceVersion },
				spec: { taints: tainted ? [...others, taint] : others },
			});
		},
		() => true,
	);
}
