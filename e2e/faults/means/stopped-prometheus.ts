import { z } from "zod";
import { waitUntilGone } from "../../clients/gone.ts";
import { kubeObject } from "../../clients/kube-objects.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import { budgets } from "../../common/budgets.ts";
import { findPrometheusPod } from "../../harness/cluster/prometheus-pod.ts";
import { findDataPlace } from "../../wal/data-volume.ts";

const monitoring = "monitoring.coreos.com/v1";
const path = z.looseObject({ path: z.string() }).optional();
const volume = kubeObject.extend({
	spec: z.looseObject({ hostPath: path, local: path }),
});

/** Prometheus' data while no process has it open. */
export interface RestingData {
	/** The Kubernetes node that it lies on. */
	readonly node: string;
	/** Its folder there. */
	readonly folder: string;
}

/**
 * Has the operator take Prometheus down, lets `action` at its data, and has it brought up again, whatever becomes of
 * the action.
 *
 * @param dataPath where its container has the data
 */
export async function whileStopped<T>(
	kube: KubeClient,
	namespace: string,
	dataPath: string,
	action: (data: RestingData) => Promise<T>,
): Promise<T> {
	const running = await findPrometheusPod(kube, namespace);
	const { name } = running.metadata;
	const place = await findDataPlace(kube, running, dataPath);
	const { spec } = await kube.get(
		{ apiVersion: "v1", kind: "PersistentVolume", name: place.volume },
		volume,
	);
	const root = (spec.hostPath ?? spec.local)?.path;
	if (!root || !place.node)
		throw new Error(`volume ${place.volume} is no folder of a node`);
	const subPath = running.spec.containers
		.flatMap(({ volumeMounts }) => volumeMounts)
		.find(({ mountPath }) => mountPath === dataPath)?.subPath;
	await setReplicas(kube, namespace, 0);
	try {
		await waitUntilGone(
			kube,
			{ apiVersion: "v1", kind: "Pod", namespace, name },
			budgets.podRestart,
		);
		return await action({
			node: place.node,
			folder: subPath ? `${root}/${subPath}` : root,
		});
	} finally {
		await setReplicas(kube, namespace, 1);
	}
}

async function setReplicas(
	kube: KubeClient,
	namespace: string,
	replicas: number,
): Promise<void> {
	const found = await kube.list({
		apiVersion: monitoring,
		kind: "Prometheus",
		namespace,
	});
	for (const { metadata } of found)
		await kube.mergePatch(
			{
				apiVersion: monitoring,
				kind: "Prometheus",
				namespace,
				name: metadata.name,
			},
			{ spec: { replicas } },
		);
}
