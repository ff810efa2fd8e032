import { z } from "zod";
import {
	kubeObject,
	monitoringV1,
	type Pod,
} from "../../clients/kube-objects.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import type { PrometheusClient } from "../../clients/prometheus.ts";
import { findPrometheusData } from "../../wal/data-volume.ts";
import type { WrittenStorage } from "./prometheus-storage.ts";

const written = z
	.looseObject({
		storageClassName: z.string().optional(),
		resources: z
			.looseObject({
				requests: z
					.looseObject({ storage: z.coerce.string().optional() })
					.prefault({}),
			})
			.prefault({}),
	})
	.transform(
		({ storageClassName, resources }): WrittenStorage => ({
			size: resources.requests.storage,
			storageClass: storageClassName,
		}),
	);
const volumeClaim = kubeObject.extend({ spec: written });
const prometheusObject = kubeObject.extend({
	spec: z.looseObject({
		storage: z
			.looseObject({
				volumeClaimTemplate: z
					.looseObject({ spec: written.optional() })
					.optional(),
			})
			.optional(),
	}),
});

/** What Prometheus' storage is made from, and what it uses. */
export async function readPrometheusStorage(
	kube: KubeClient,
	prometheus: PrometheusClient,
	namespace: string,
): Promise<{
	readonly template: WrittenStorage | undefined;
	readonly inUse: WrittenStorage;
}> {
	const { pod, place } = await findPrometheusData(kube, prometheus, namespace);
	return {
		template: await readTemplate(kube, pod),
		inUse: await readVolumeClaim(kube, namespace, place.volumeClaim),
	};
}

/** What a volume claim asks for. */
async function readVolumeClaim(
	kube: KubeClient,
	namespace: string,
	name: string,
): Promise<WrittenStorage> {
	const { spec } = await kube.get(
		{ apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name },
		volumeClaim,
	);
	return spec;
}

/**
 * What the Prometheus object of a pod has the operator make its volume claim of; undefined if it says nothing of it, or
 * no such object is there.
 */
async function readTemplate(
	kube: KubeClient,
	{ metadata: { namespace, labels } }: Pod,
): Promise<WrittenStorage | undefined> {
	const all = await kube.list(
		{ apiVersion: monitoringV1, kind: "Prometheus", namespace },
		prometheusObject,
	);
	const own = all.find(
		({ metadata }) => metadata.name === labels["operator.prometheus.io/name"],
	);
	return own?.spec.storage?.volumeClaimTemplate?.spec;
}
