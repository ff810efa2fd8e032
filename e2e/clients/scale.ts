import type { KubeClient } from "./kubernetes.ts";

/** Asks for another number of a Deployment's pods, and does not wait for them. */
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
