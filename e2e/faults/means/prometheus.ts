import { z } from "zod";
import {
	kubeObject,
	monitoringV1,
	type Pod,
} from "../../clients/kube-objects.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import { listPodsOfService } from "../../clients/service-pods.ts";
import type { Fault, OngoingFault } from "../../common/fault.ts";
import {
	findPrometheusPod,
	type NodeFolder,
} from "../../harness/cluster/prometheus-pod.ts";
import { makeScaleToZero } from "../../harness/cluster/scale-to-zero.ts";
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
			const stop = makeScaleToZero(kube, name, {
				objects: { apiVersion: monitoringV1, kind: "Prometheus", namespace },
				listPods: () =>
					listPodsOfService(kube, namespace, "prometheus-operated"),
			});
			return { ...(await stop.begin()), data };
		},
	};
}

/** Follows a pod's data to a folder of its node that outlives the pod. */
export async function findDataOnNode(
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
