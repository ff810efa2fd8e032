import { z } from "zod";
import { waitUntilGone } from "../../clients/gone.ts";
import {
	kubeObject,
	monitoringV1,
	type Pod,
} from "../../clients/kube-objects.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import { budgets } from "../../common/budgets.ts";
import {
	type Fault,
	makeFault,
	type OngoingFault,
} from "../../common/fault.ts";
import {
	findPrometheusPod,
	type NodeFolder,
} from "../../harness/cluster/prometheus-pod.ts";
import { findDataPlace } from "../../wal/data-volume.ts";

const path = z.looseObject({ path: z.string() }).optional();
const persistentVolume = kubeObject.extend({
	spec: z.looseObject({ hostPath: path, local: path }),
});

/** Prometheus does not run until this has ended. */
export interface StoppedPrometheus extends OngoingFault {
	/** Its data, which no process has open. */
	readonly data: NodeFolder;
}

/**
 * Prometheus is scaled to zero.
 *
 * @param dataPath where its container has the data
 */
export function makePrometheusStop(
	kube: KubeClient,
	namespace: string,
	dataPath: string,
): Fault<StoppedPrometheus> {
	const name = "Prometheus is scaled to zero";
	return {
		name,
		begin: async () => {
			const running = await findPrometheusPod(kube, namespace);
			const data = await findDataOnNode(kube, running, dataPath);
			const stop = makeFault(
				name,
				async () => {
					await setReplicas(kube, namespace, 0);
					const ref = { apiVersion: "v1", kind: "Pod", namespace };
					await waitUntilGone(
						kube,
						{ ...ref, name: running.metadata.name },
						budgets.podRestart,
					);
				},
				() => setReplicas(kube, namespace, 1),
			);
			return { ...(await stop.begin()), data };
		},
	};
}

/** Follows a pod's data to a folder of its node that outlives the pod. */
async function findDataOnNode(
	kube: KubeClient,
	pod: Pod,
	dataPath: string,
): Promise<NodeFolder> {
	const { node, volume } = await findDataPlace(kube, pod, dataPath);
	const { spec } = await kube.get(
		{ apiVersion: "v1", kind: "PersistentVolume", name: volume },
		persistentVolume,
	);
	const root = (spec.hostPath ?? spec.local)?.path;
	if (!root || !node)
		throw new Error(`volume ${volume} is not a folder of a node`);
	const subPath = pod.spec.containers
		.flatMap(({ volumeMounts }) => volumeMounts)
		.find(({ mountPath }) => mountPath === dataPath)?.subPath;
	return { node, folder: subPath ? `${root}/${subPath}` : root };
}

async function setReplicas(
	kube: KubeClient,
	namespace: string,
	replicas: number,
): Promise<void> {
	const all = { apiVersion: monitoringV1, kind: "Prometheus", namespace };
	for (const { metadata } of await kube.list(all))
		await kube.mergePatch(
			{ ...all, name: metadata.name },
			{ spec: { replicas } },
		);
}
