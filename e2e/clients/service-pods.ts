import { z } from "zod";
import { kubeObject, type Pod, pod } from "./kube-objects.ts";
import type { KubeClient } from "./kubernetes.ts";
import { formatLabels } from "./label-selector.ts";

const service = kubeObject.extend({
	spec: z.looseObject({ selector: z.record(z.string(), z.string()) }),
});

/** The pods that a Service selects. */
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

/** Whether a pod is the first of its StatefulSet: it keeps its name, and with it its volume, when it is replaced. */
export function isFirstReplica({ metadata }: Pick<Pod, "metadata">): boolean {
	return metadata.name.endsWith("-0");
}
