import { z } from "zod";
import { kubeObject, pod } from "../../clients/kube-objects.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import type { PrometheusClient } from "../../clients/prometheus.ts";
import { parseQuantity } from "../../common/sizes.ts";
import { takeOf } from "../judged-namespaces.ts";
import { takeNewerThan } from "../truth.ts";
import {
	type CapacitySeries,
	type ClaimedVolume,
	capacityMetrics,
} from "./volume-capacities.ts";

const storage = z.looseObject({
	storage: z.coerce.string().transform(parseQuantity),
});
const volumeClaim = kubeObject.extend({
	spec: z.looseObject({
		volumeName: z.string().default(""),
		resources: z.looseObject({ requests: storage }),
	}),
});
const volume = kubeObject.extend({
	spec: z.looseObject({ capacity: storage }),
});

/** The volume claims of some namespaces. */
export async function readClaimedVolumes(
	kube: KubeClient,
	namespaces: ReadonlySet<string>,
): Promise<ClaimedVolume[]> {
	const [volumeClaims, volumes, pods] = await Promise.all([
		kube.list({ apiVersion: "v1", kind: "PersistentVolumeClaim" }, volumeClaim),
		kube.list({ apiVersion: "v1", kind: "PersistentVolume" }, volume),
		kube.list({ apiVersion: "v1", kind: "Pod" }, pod),
	]);
	const bytesOf = new Map(
		volumes.map(({ metadata, spec }) => [metadata.name, spec.capacity.storage]),
	);
	const mounted = new Set(
		pods
			.filter(({ status }) => status.phase === "Running")
			.flatMap(({ metadata, spec }) =>
				spec.volumes.map(
					(each) =>
						`${metadata.namespace}/${each.persistentVolumeClaim?.claimName}`,
				),
			),
	);
	return volumeClaims
		.filter(({ metadata }) => namespaces.has(metadata.namespace ?? ""))
		.map(({ metadata: { name, namespace = "" }, spec }) => {
			const bytes = bytesOf.get(spec.volumeName);
			return {
				name,
				namespace,
				requested: spec.resources.requests.storage,
				...(bytes !== undefined && {
					volume: { name: spec.volumeName, bytes },
				}),
				isMounted: mounted.has(`${namespace}/${name}`),
			};
		});
}

/** The newest samples of what says how large they are. @param since milliseconds: older samples do not count */
export async function readCapacitySeries(
	prometheus: PrometheusClient,
	since: number,
	namespaces: ReadonlySet<string>,
): Promise<CapacitySeries> {
	const read = async (metric: string) =>
		takeNewerThan(await prometheus.rawSamples(metric, "2m"), since);
	const [requests, volumes, bindings, fileSystems] = await Promise.all([
		read(capacityMetrics.requests),
		read(capacityMetrics.volumes),
		read(capacityMetrics.bindings),
		read(capacityMetrics.fileSystems),
	]);
	return {
		requests: takeOf(namespaces, requests),
		// They belong to no namespace.
		volumes,
		bindings: takeOf(namespaces, bindings),
		fileSystems: takeOf(namespaces, fileSystems),
	};
}
