import { z } from "zod";
import { kubeObject, type Pod } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";

const claim = kubeObject.extend({
	spec: z.looseObject({ volumeName: z.string().default("") }),
	status: z.looseObject({ phase: z.string().default("") }).prefault({}),
});

/** Where a pod keeps its data: the node, and the claim with the volume that it is bound to. */
export interface DataPlace {
	readonly node: string | undefined;
	readonly claim: string;
	readonly claimUid: string;
	readonly volume: string;
	readonly phase: string;
}

/**
 * Follows Prometheus' data folder from its container's mount to the claim.
 *
 * @throws Error when it lies on no claim, or on one that is the pod's own
 */
export async function findDataPlace(
	kube: KubeClient,
	pod: Pod,
	dataPath: string,
): Promise<DataPlace> {
	const { namespace = "", name } = pod.metadata;
	const mount = pod.spec.containers
		.find((each) => each.name === "prometheus")
		?.volumeMounts.find(({ mountPath }) => mountPath === dataPath);
	const volume = pod.spec.volumes.find((each) => each.name === mount?.name);
	const claimName = volume?.persistentVolumeClaim?.claimName;
	if (!claimName)
		throw new Error(
			`pod ${name} keeps ${dataPath} on no claim that outlives it`,
		);
	const { metadata, spec, status } = await kube.get(
		{
			apiVersion: "v1",
			kind: "PersistentVolumeClaim",
			namespace,
			name: claimName,
		},
		claim,
	);
	return {
		node: pod.spec.nodeName,
		claim: claimName,
		claimUid: metadata.uid,
		volume: spec.volumeName,
		phase: status.phase,
	};
}
