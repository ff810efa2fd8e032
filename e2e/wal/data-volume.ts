import { z } from "zod";
import { kubeObject, type Pod } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import { findPrometheusPod } from "../harness/cluster/prometheus-pod.ts";

const boundVolumeClaim = kubeObject.extend({
	spec: z.looseObject({ volumeName: z.string().default("") }),
	status: z.looseObject({ phase: z.string().default("") }).prefault({}),
});

/** Before Kubernetes 1.27, nothing is said, and volume claims stay. */
export const statefulSet = kubeObject.extend({
	spec: z.looseObject({
		persistentVolumeClaimRetentionPolicy: z
			.looseObject({ whenDeleted: z.string().default("Retain") })
			.prefault({}),
	}),
});

type StatefulSet = z.infer<typeof statefulSet>;

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

/** Containers that belong to Prometheus and share its data. */
const known = ["prometheus", "thanos-sidecar"];

/** Other containers of Prometheus' pod that have its data mounted, as a sentence; undefined if there are none. */
export function describeOthersWithData({
	spec,
}: Pick<Pod, "spec">): string | undefined {
	const mounted = new Set(
		spec.containers
			.filter(({ name }) => name === "prometheus")
			.flatMap(({ volumeMounts }) => volumeMounts)
			.map(({ name }) => name),
	);
	const claims = new Set(
		spec.volumes
			.filter(({ name, persistentVolumeClaim: claim }) =>
				claim ? mounted.has(name) : false,
			)
			.map(({ name }) => name),
	);
	const others = [...spec.initContainers, ...spec.containers]
		.filter(({ name }) => !known.includes(name))
		.filter(({ volumeMounts }) =>
			volumeMounts.some(({ name }) => claims.has(name)),
		)
		.map(({ name }) => name);
	return others.length > 0
		? `container ${others.join(" and ")} of Prometheus' pod has its data mounted, too`
		: undefined;
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
	const owner = metadata.ownerReferences.find(({ kind }) => kind === "Pod");
	if (owner)
		throw new Error(
			`pod ${name} has ${dataPath} on volume claim ${volumeClaim}, which is deleted together with the pod`,
		);
	return {
		node: pod.spec.nodeName,
		volumeClaim,
		volumeClaimUid: metadata.uid,
		volume: spec.volumeName,
		phase: status.phase,
	};
}

/** The StatefulSet that a pod belongs to; undefined if there is none. */
export async function findStatefulSet(
	kube: KubeClient,
	{ metadata: { namespace = "", ownerReferences } }: Pod,
): Promise<StatefulSet | undefined> {
	const owner = ownerReferences.find(({ kind }) => kind === "StatefulSet");
	if (!owner) return undefined;
	const { kind, name } = owner;
	return kube.get(
		{ apiVersion: "apps/v1", kind, namespace, name },
		statefulSet,
	);
}

/**
 * Why the volume claims of a StatefulSet may go one day, as a sentence. It is asked itself, because Kubernetes only makes it
 * their owner when it next looks after its pods. Undefined if they stay.
 */
export function whyVolumeClaimGoes({
	metadata: { name },
	spec,
}: StatefulSet): string | undefined {
	// The operator deletes a StatefulSet to change what cannot be changed in it.
	return spec.persistentVolumeClaimRetentionPolicy.whenDeleted === "Delete"
		? `Prometheus' volume claim is deleted together with StatefulSet ${name} (persistentVolumeClaimRetentionPolicy): the operator deletes and makes a StatefulSet again when an upgrade changes what is fixed in it, and all that is not uploaded is lost`
		: undefined;
}
