import { pod } from "../../clients/kube-objects.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import { waitForRollout } from "../../clients/rollout.ts";
import { scale } from "../../clients/scale.ts";
import { budgets } from "../../common/budgets.ts";
import { eventually, notYet } from "../../common/eventually.ts";
import { type Fault, makeFault } from "../../common/fault.ts";

/** What answers for DNS in k3s. */
export const coreDns = {
	kind: "Deployment",
	namespace: "kube-system",
	name: "coredns",
} as const;

/** No pod of CoreDNS runs. */
export function makeDnsOutage(kube: KubeClient): Fault {
	return makeFault(
		"DNS is away",
		async () => {
			await scale(kube, coreDns, 0);
			await eventually(
				"no pod of CoreDNS is left",
				budgets.podRestart,
				async () => {
					const left = await kube.list(
						{
							apiVersion: "v1",
							kind: "Pod",
							namespace: coreDns.namespace,
							labelSelector: "k8s-app=kube-dns",
						},
						pod,
					);
					if (left.length > 0) return notYet(`${left.length} are left`);
				},
			);
		},
		async () => {
			await scale(kube, coreDns, 1);
			await waitForRollout(kube, coreDns);
		},
	);
}
