import { z } from "zod";
import { kubeObject, type Pod, pod } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { labelSelector } from "../clients/label-selector.ts";
import { labels } from "../common/labels.ts";

const monitoring = "monitoring.coreos.com/v1";

const namespaceSelector = z
	.looseObject({
		any: z.boolean().default(false),
		matchNames: z.array(z.string()).default([]),
	})
	.prefault({});
const numberOrName = z.union([z.number(), z.string()]).optional();

export const serviceMonitor = kubeObject.extend({
	spec: z.looseObject({
		selector: labelSelector,
		namespaceSelector,
		endpoints: z.array(
			z.looseObject({
				port: z.string().optional(),
				targetPort: numberOrName,
				interval: z.string().optional(),
			}),
		),
	}),
});
export type ServiceMonitor = z.infer<typeof serviceMonitor>;

export const podMonitor = kubeObject.extend({
	spec: z.looseObject({
		selector: labelSelector,
		namespaceSelector,
		podMetricsEndpoints: z.array(
			z.looseObject({
				port: z.string().optional(),
				portNumber: z.number().optional(),
				targetPort: numberOrName,
				interval: z.string().optional(),
			}),
		),
	}),
});
export type PodMonitor = z.infer<typeof podMonitor>;

export const endpointSlice = kubeObject.extend({
	endpoints: z
		.array(
			z.looseObject({
				addresses: z.array(z.string()),
				conditions: z
					.looseObject({ terminating: z.boolean().optional() })
					.default({}),
				targetRef: z
					.looseObject({ kind: z.string().optional(), name: z.string() })
					.optional(),
			}),
		)
		.nullish()
		.transform((found) => found ?? []),
	ports: z
		.array(
			z.looseObject({
				name: z.string().default(""),
				port: z.number().optional(),
			}),
		)
		.nullish()
		.transform((found) => found ?? []),
});
export type EndpointSlice = z.infer<typeof endpointSlice>;

/** What of the cluster decides which targets Prometheus should have. */
export interface ClusterState {
	readonly serviceMonitors: readonly ServiceMonitor[];
	readonly podMonitors: readonly PodMonitor[];
	readonly services: readonly z.infer<typeof kubeObject>[];
	readonly endpointSlices: readonly EndpointSlice[];
	readonly pods: readonly Pod[];
	/** Namespaces that tests plant things in, which come and go. */
	readonly plantedNamespaces: ReadonlySet<string>;
}

/** Reads the monitors and what they could select, without what tests have planted. */
export async function readClusterState(
	kube: KubeClient,
): Promise<ClusterState> {
	const planted = await listPlantedNamespaces(kube);
	const own = <T extends z.infer<typeof kubeObject>>(objects: T[]) =>
		objects.filter(({ metadata }) => !planted.has(metadata.namespace ?? ""));
	const [serviceMonitors, podMonitors, services, endpointSlices, pods] =
		await Promise.all([
			kube.list(
				{ apiVersion: monitoring, kind: "ServiceMonitor" },
				serviceMonitor,
			),
			kube.list({ apiVersion: monitoring, kind: "PodMonitor" }, podMonitor),
			kube.list({ apiVersion: "v1", kind: "Service" }, kubeObject),
			kube.list(
				{ apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice" },
				endpointSlice,
			),
			kube.list({ apiVersion: "v1", kind: "Pod" }, pod),
		]);
	return {
		serviceMonitors: own(serviceMonitors),
		podMonitors: own(podMonitors),
		services: own(services),
		endpointSlices: own(endpointSlices),
		pods: own(pods),
		plantedNamespaces: planted,
	};
}

/** Namespaces that some test has made for itself. */
export async function listPlantedNamespaces(
	kube: KubeClient,
): Promise<Set<string>> {
	const planted = await kube.list({
		apiVersion: "v1",
		kind: "Namespace",
		labelSelector: labels.run,
	});
	return new Set(planted.map(({ metadata }) => metadata.name));
}
