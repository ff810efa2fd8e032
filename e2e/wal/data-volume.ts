import { z } from "zod";
import { kubeObject, type Pod } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import { findPrometheusPod } from "../harness/cluster/prometheus-pod.ts";

const boundVolumeClaim = kubeObject.extend({
	spec: z.looseObject({ volumeName: z.string().default("") }),
	status: z.looseObject({ phase: z.string().default("") }).prefault({}),
});

/** Where a pod keeps its data: the node, and the volume claim with the volume that it is bound to. */
export interface DataPlace {
	readonly node: string | undefined;
	readonly volumeClaim: string;
	readonly volumeClaimUid: string;
	readonly volume: string;
	readonly phase: string;
}

/** Prometheus' pod, and where it keeps its data. @throws Error as below */
export async function findPrometheusData(
	kube: KubeClient,
	prometheus: PrometheusClient,
	namespace: string,
): Promise<{ readonly pod: Pod; readonly place: DataPlace }> {
	const pod = await findPrometheusPod(kube, namespace);
	const flags = await prometheus.flags();
	const dataPath = flags["storage.tsdb.path"] ?? "";
	return { pod, place: await findDataPlace(kube, pod, dataPath) };
}

/**
 * Follows Prometheus' data folder from its container's mount to the volume claim.
 *
 * @throws Error when it is on no volume claim, or on one that belongs to the pod
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
	const volumeClaim = volume?.persistentVolumeClaim?.claimName;
	if (!volumeClaim)
		throw new Error(
			`pod ${name} has ${dataPath} on no volume claim that outlives it`,
		);
	const { metadata, spec, status } = await kube.get(
		{
			apiVersion: "v1",
			kind: "PersistentVolumeClaim",
			namespace,
			name: volumeClaim,
		},
		boundVolumeClaim,
	);
	return {
		node: pod.spec.nodeName,
		volumeClaim,
		volumeClaimUid: metadata.uid,
		volume: spec.volumeName,
		phase: status.phase,
	};
}
