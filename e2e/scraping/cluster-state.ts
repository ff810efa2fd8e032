import { z } from "zod";
import { isNotFound } from "../clients/api-server/kube-error.ts";
import {
	type KubeObject,
	kubeObject,
	monitoringV1,
	type Pod,
	pod,
} from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { labelSelector } from "../clients/label-selector.ts";
import { labels } from "../common/labels.ts";

const namespaceSelector = z
	.looseObject({
		any: z.boolean().default(false),
		matchNames: z.array(z.string()).default([]),
	})
	.prefault({});
const numberOrName = z.union([z.number(), z.string()]).optional();
/** What a person has a pool do to its targets, besides what the operator does. */
const relabelings = z
	.array(z.looseObject({ action: z.string().optional() }))
	.default([]);

export const serviceMonitor = kubeObject.extend({
	spec: z.looseObject({
		selector: labelSelector,
		namespaceSelector,
		endpoints: z.array(
			z.looseObject({
				port: z.string().optional(),
				targetPort: numberOrName,
				interval: z.string().optional(),
				relabelings,
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
				relabelings,
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

/** The part of the cluster's state that decides which targets Prometheus should have. */
export interface ClusterState {
	readonly serviceMonitors: readonly ServiceMonitor[];
	readonly podMonitors: readonly PodMonitor[];
	readonly probes: readonly KubeObject[];
	readonly scrapeConfigs: readonly KubeObject[];
	readonly services: readonly z.infer<typeof kubeObject>[];
	readonly endpointSlices: readonly EndpointSlice[];
	readonly pods: readonly Pod[];
	/** Namespaces that tests have created and will delete. */
	readonly plantedNamespaces: ReadonlySet<string>;
}

/** Reads the monitors and what they may select, except for what tests have planted. */
export async function readClusterState(
	kube: KubeClient,
): Promise<ClusterState> {
	const planted = await listPlantedNamespaces(kube);
	const own = <T extends z.infer<typeof kubeObject>>(objects: T[]) =>
		objects.filter(({ metadata }) => !planted.has(metadata.namespace ?? ""));
	const [
		serviceMonitors,
		podMonitors,
		probes,
		scrapeConfigs,
		services,
		endpointSlices,
		pods,
	] = await Promise.all([
		kube.list(
			{ apiVersion: monitoringV1, kind: "ServiceMonitor" },
			serviceMonitor,
		),
		kube.list({ apiVersion: monitoringV1, kind: "PodMonitor" }, podMonitor),
		kube.list({ apiVersion: monitoringV1, kind: "Probe" }),
		listScrapeConfigs(kube),
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
		probes: own(probes),
		scrapeConfigs: own(scrapeConfigs),
		services: own(services),
		endpointSlices: own(endpointSlices),
		pods: own(pods),
		plantedNamespaces: planted,
	};
}

/** None if the operator is older than the kind. */
async function listScrapeConfigs(kube: KubeClient): Promise<KubeObject[]> {
	try {
		return await kube.list({
			apiVersion: "monitoring.coreos.com/v1alpha1",
			kind: "ScrapeConfig",
		});
	} catch (error) {
		if (isNotFound(error)) return [];
		throw error;
	}
}

/** The namespaces that tests have created. */
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

/** The namespaces that no test has created. */
export async function listOwnNamespaces(kube: KubeClient): Promise<string[]> {
	const found = await kube.list({
		apiVersion: "v1",
		kind: "Namespace",
		labelSelector: `!${labels.run}`,
	});
	return found.map(({ metadata }) => metadata.name);
}
