import type { KubeClient } from "./kubernetes.ts";

/** Sets the number of a Deployment's replicas and does not wait for their pods. */
export async function scale(
	kube: KubeClient,
	{ namespace, name }: { readonly namespace: string; readonly name: string },
	replicas: number,
): Promise<void> {
	await kube.mergePatch(
		{ apiVersion: "apps/v1", kind: "Deployment", namespace, name },
		{ spec: { replicas } },
		"scale",
	);
}
