import { z } from "zod";
import { kubeObject, type Pod } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { budgets } from "../common/budgets.ts";
import { eventually } from "../common/eventually.ts";
import { type Fault, makeFault } from "../common/fault.ts";

/** What homelabs keep ordinary pods off their servers with: Kubernetes' own taint, its older name, and those of k3s. */
const usualTaints = [
	{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" },
	{ key: "node-role.kubernetes.io/master", effect: "NoSchedule" },
	{ key: "CriticalAddonsOnly", value: "true", effect: "NoSchedule" },
	{ key: "CriticalAddonsOnly", value: "true", effect: "NoExecute" },
	{ key: "node-role.kubernetes.io/etcd", effect: "NoExecute" },
] as const;
type Taint = (typeof usualTaints)[number];

const tolerations = z.array(
	z.looseObject({
		key: z.string().optional(),
		effect: z.string().optional(),
	}),
);

/** The first usual taint that a pod names in its tolerations; if there is none, Kubernetes' own. */
export function pickTaint({ spec }: Pick<Pod, "spec">): Taint {
	const named = tolerations.parse(spec.tolerations ?? []);
	const meant = usualTaints.find((taint) =>
		named.some(
			({ key, effect = taint.effect }) =>
				key === taint.key && effect === taint.effect,
		),
	);
	return meant ?? usualTaints[0];
}

const node = kubeObject.extend({
	spec: z.looseObject({
		taints: z.array(z.looseObject({ key: z.string() })).default([]),
	}),
});

/** A node has a taint, so that no pod without a toleration is scheduled there. Its other taints stay. */
export function makeTaint(kube: KubeClient, name: string, taint: Taint): Fault {
	return makeFault(
		`node ${name} is tainted`,
		() => setTaint(kube, name, taint, true),
		() => setTaint(kube, name, taint, false),
	);
}

/**
 * The API server has no patch for a single taint. So this replaces the list, unless the node has changed in the
 * meantime: then it tries again.
 */
async function setTaint(
	kube: KubeClient,
	name: string,
	taint: Taint,
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
