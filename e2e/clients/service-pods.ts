import { z } from "zod";
import { kubeObject, type Pod, pod } from "./kube-objects.ts";
import type { KubeClient } from "./kubernetes.ts";
import { formatLabels } from "./label-selector.ts";

const service = kubeObject.extend({
	spec: z.looseObject({ selector: z.record(z.string(), z.string()) }),
});

/** The pods that a service selects. */
export async function listPodsOfService(
	kube: KubeClient,
	namespace: string,
	name: string,
): Promise<Pod[]> {
	const { spec } = await kube.get(
		{ apiVersion: "v1", kind: "Service", namespace, name },
		service,
	);
	const labelSelector = formatLabels(spec.selector);
	return kube.list(
		{ apiVersion: "v1", kind: "Pod", namespace, labelSelector },
		pod,
	);
}

/**
 * Has the kubelet bring a pod's mounted ConfigMaps and Secrets up to date now instead of within its sync period
 * of a minute: "You can trigger an immediate refresh by updating one of the Pod's annotations."
 * https://kubernetes.io/docs/tasks/configure-pod-container/configure-pod-configmap/
 */
async function refreshMounts(
	kube: KubeClient,
	{ metadata: { namespace, name } }: Pod,
): Promise<void> {
	const annotations = { "o11y-e2e/refreshed": new Date().toISOString() };
	await kube.mergePatch(
		{ apiVersion: "v1", kind: "Pod", namespace, name },
		{ metadata: { annotations } },
	);
}

/** The operator needs a moment to render what the kubelet is then asked to mount. */
const refreshEvery = 3_000;

/** Refreshes the mounts of a service's pods now and then, and hands back the reason why. */
export function makeRefresher(
	kube: KubeClient,
	namespace: string,
	service: string,
): (reason: string) => Promise<string> {
	let refreshed = 0;
	return async (reason) => {
		if (Date.now() - refreshed < refreshEvery) return reason;
		refreshed = Date.now();
		const pods = await listPodsOfService(kube, namespace, service);
		await Promise.all(pods.map((each) => refreshMounts(kube, each)));
		return reason;
	};
}
