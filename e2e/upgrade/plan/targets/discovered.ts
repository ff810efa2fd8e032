import type { Manifest } from "../../../clients/kube-objects.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { dataOf } from "../charts/data.ts";
import { asObject, at, textAt } from "../charts/fields.ts";
import { operatorWorkloads, podWorkloads } from "../charts/operator-kinds.ts";
import { objectsOf, type Side } from "../charts/side.ts";
import { containersByOperator, labelsByOperator } from "./operator-pods.ts";
import type { Labels } from "./relabel.ts";

/** Pods that a workload of the chart starts. */
export interface Pods {
	readonly workload: Manifest;
	readonly labels: Readonly<Record<string, string>>;
	readonly annotations: Readonly<Record<string, string>>;
	readonly containers: readonly unknown[];
	/** What the ConfigMaps and Secrets say that it has as volumes, as far as the chart has them. */
	readonly files: readonly string[];
}

/** The pods of a side: those of its workloads, and those that the operator makes. */
export function podsOf(side: Pick<Side, "objects">): Pods[] {
	const own = objectsOf(side, ...podWorkloads).map(
		(workload): Pods => ({
			workload,
			labels: labelsAt(workload, "spec.template.metadata.labels"),
			annotations: labelsAt(workload, "spec.template.metadata.annotations"),
			files: filesOf(side, workload),
			containers: [
				...listAt(workload, "spec", "template", "spec", "containers"),
				// Those run as long as the others.
				...listAt(
					workload,
					"spec",
					"template",
					"spec",
					"initContainers",
				).filter((each) => at(each, "restartPolicy") === "Always"),
			],
		}),
	);
	const made = objectsOf(side, ...operatorWorkloads).map(
		(workload): Pods => ({
			workload,
			labels: {
				...labelsAt(workload, "spec.podMetadata.labels"),
				...labelsByOperator(workload),
			},
			annotations: labelsAt(workload, "spec.podMetadata.annotations"),
			containers: containersByOperator(workload),
			files: [],
		}),
	);
	return [...own, ...made];
}

function filesOf(side: Pick<Side, "objects">, workload: Manifest): string[] {
	const volumes = listAt(workload, "spec", "template", "spec", "volumes");
	const names = new Set(
		volumes.flatMap((each) => [
			`ConfigMap ${textAt(each, "configMap.name")}`,
			`Secret ${textAt(each, "secret.secretName")}`,
		]),
	);
	return objectsOf(side, "ConfigMap", "Secret")
		.filter(
			({ kind, metadata: { name, namespace } }) =>
				names.has(`${kind} ${name}`) &&
				namespace === workload.metadata.namespace,
		)
		.flatMap((each) => [...dataOf(each).values()]);
}

/** The pods that a Service selects. */
export function podsBehind(service: Manifest, pods: readonly Pods[]): Pods[] {
	const selector = Object.entries(asObject(at(service, "spec.selector")));
	return selector.length === 0
		? []
		: pods.filter(
				({ workload, labels }) =>
					workload.metadata.namespace === service.metadata.namespace &&
					selector.every(([name, value]) => labels[name] === String(value)),
			);
}

/** What Prometheus' discovery says about a Service. */
export function serviceMeta(service: Manifest): Labels {
	return {
		__meta_kubernetes_namespace: service.metadata.namespace,
		__meta_kubernetes_service_name: service.metadata.name,
		...metaOf("service", service.metadata),
	};
}

/**
 * What Prometheus' discovery says about each port of a Service. With its endpoints it also finds the other ports of
 * their pods, which have no such name.
 */
export function portMetas(service: Manifest): Labels[] {
	const ports = listAt(service, "spec", "ports");
	if (ports.length === 0) return [{}];
	return [...ports.map((each) => textAt(each, "name")), ""].map((name) => ({
		__meta_kubernetes_endpoint_port_name: name,
		__meta_kubernetes_endpointslice_port_name: name,
		__meta_kubernetes_service_port_name: name,
	}));
}

/** What Prometheus' discovery says about pods; their names and addresses are not known. */
export function podMeta({ workload, labels, annotations }: Pods): Labels {
	return {
		__meta_kubernetes_namespace: workload.metadata.namespace,
		...metaOf("pod", { labels, annotations }),
	};
}

function metaOf(
	role: string,
	{ labels, annotations }: Pick<Manifest["metadata"], "labels" | "annotations">,
): Labels {
	const meta: Record<string, string> = {};
	for (const [kind, found] of [
		["label", labels],
		["annotation", annotations],
	] as const)
		for (const [name, value] of Object.entries(found ?? {})) {
			const clean = name.replaceAll(/\W/g, "_");
			meta[`__meta_kubernetes_${role}_${kind}_${clean}`] = String(value);
			meta[`__meta_kubernetes_${role}_${kind}present_${clean}`] = "true";
		}
	return meta;
}

/** Whether discovery would have told of a label of this name: labels and annotations are in the chart, the rest is not. */
export function isInChart(label: string): boolean {
	return /^__meta_kubernetes_(service|pod)_(label|annotation)(present)?_/.test(
		label,
	);
}

export function labelsAt(
	object: unknown,
	path: string,
): Record<string, string> {
	return Object.fromEntries(
		Object.entries(asObject(at(object, path))).map(([name, value]) => [
			name,
			String(value),
		]),
	);
}
