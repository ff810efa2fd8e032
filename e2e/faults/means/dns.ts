import { pod } from "../../clients/kube-objects.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import { waitForRollout } from "../../clients/rollout.ts";
import type { Fault } from "../../common/fault.ts";
import { makeScaleToZero } from "../../harness/cluster/scale-to-zero.ts";

/** What answers for DNS in k3s. */
export const coreDns = {
	kind: "Deployment",
	namespace: "kube-system",
	name: "coredns",
} as const;

/** No pod of CoreDNS runs. */
export function makeDnsOutage(kube: KubeClient): Fault {
	const { kind, namespace, name } = coreDns;
	return makeScaleToZero(kube, "DNS is away", {
		objects: {
			apiVersion: "apps/v1",
			kind,
			namespace,
			fieldSelector: `metadata.name=${name}`,
		},
		listPods: () =>
			kube.list(
				{
					apiVersion: "v1",
					kind: "Pod",
					namespace,
					labelSelector: "k8s-app=kube-dns",
				},
				pod,
			),
		waitUntilBack: () => waitForRollout(kube, coreDns),
	});
}
