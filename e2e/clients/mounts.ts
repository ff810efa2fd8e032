import { clusterNow } from "../common/clock/cluster-clock.ts";
import type { Pod } from "./kube-objects.ts";
import type { KubeClient } from "./kubernetes.ts";
import { listPodsOfService } from "./service-pods.ts";

/** Milliseconds: the operator needs a moment to render what the kubelet then mounts. */
const refreshEvery = 3_000;

/**
 * Makes a step for the probe of a wait: it refreshes the mounts of a Service's pods every few seconds, and returns the
 * reason that it is given.
 */
export function makeRefresher(
	kube: KubeClient,
	namespace: string,
	service: string,
): (reason: string) => Promise<string> {
	let refreshed = Number.NEGATIVE_INFINITY;
	return async (reason) => {
		if (performance.now() - refreshed < refreshEvery) return reason;
		refreshed = performance.now();
		const pods = await listPodsOfService(kube, namespace, service);
		await Promise.all(pods.map((each) => refreshMounts(kube, each)));
		return reason;
	};
}

/**
 * Makes the kubelet update a pod's mounted ConfigMaps and Secrets now instead of within its sync period of a minute:
 * "You can trigger an immediate refresh by updating one of the Pod's annotations."
 * https://kubernetes.io/docs/tasks/configure-pod-container/configure-pod-configmap/
 */
async function refreshMounts(
	kube: KubeClient,
	{ metadata: { namespace, name } }: Pod,
): Promise<void> {
	const annotations = {
		"o11y-e2e/refreshed": new Date(clusterNow()).toISOString(),
	};
	await kube.mergePatch(
		{ apiVersion: "v1", kind: "Pod", namespace, name },
		{ metadata: { annotations } },
	);
}
