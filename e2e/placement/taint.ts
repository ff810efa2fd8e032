import { z } from "zod";
import { kubeObject } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { budgets } from "../common/budgets.ts";
import { eventually } from "../common/eventually.ts";
import { type Fault, makeFault } from "../common/fault.ts";

const taint = { key: "o11y-e2e/placement", effect: "NoSchedule" };

const node = kubeObject.extend({
	spec: z.looseObject({
		taints: z.array(z.looseObject({ key: z.string() })).default([]),
	}),
});

/** A node has a taint, so that no pod without a toleration is scheduled there. Its other taints stay. */
export function makeTaint(kube: KubeClient, name: string): Fault {
	return makeFault(
		`node ${name} is tainted`,
		() => setTaint(kube, name, true),
		() => setTaint(kube, name, false),
	);
}

/**
 * The API server has no patch for a single taint. So this replaces the list, unless the node has changed in the
 * meantime: then it tries again.
 */
async function setTaint(
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
	);
}
