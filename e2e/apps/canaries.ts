import type { KubeClient } from "../clients/kubernetes.ts";
import type { SamplePod } from "./sample-pods.ts";

/**
 * Marks pods that are scraped with an annotation that Prometheus has not seen, in order to know when it has seen
 * everything that happened before: a canary for the pods whose absence is to be shown.
 *
 * @returns the label that the annotation is discovered as
 */
export async function markCanaries(
	kube: KubeClient,
	canaries: readonly SamplePod[],
	{ name }: SamplePod,
): Promise<string> {
	const annotation = `after-${name}`;
	for (const canary of canaries)
		await kube.mergePatch(
			{
				apiVersion: "v1",
				kind: "Pod",
				namespace: canary.namespace,
				name: canary.name,
			},
			{ metadata: { annotations: { [annotation]: "true" } } },
		);
	return `__meta_kubernetes_pod_annotation_${annotation.replaceAll(/\W/g, "_")}`;
}
