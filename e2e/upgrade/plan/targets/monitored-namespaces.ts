import { omit } from "es-toolkit";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { asObject, at } from "../charts/fields.ts";
import { objectsOf, type Side } from "../charts/side.ts";

/** Whether a monitor looks in other namespaces than its own: the control plane is not part of the chart. */
export function isFromOutside(monitor: Manifest): boolean {
	const { metadata } = monitor;
	const namespaces = listAt(monitor, "spec", "namespaceSelector", "matchNames");
	return (
		at(monitor, "spec.namespaceSelector.any") === true ||
		namespaces.some((each) => each !== metadata.namespace)
	);
}

/** Whether a monitor looks for Services and pods in a namespace. */
export function isInNamespace(
	monitor: Manifest,
	namespace: string | undefined,
): boolean {
	if (at(monitor, "spec.namespaceSelector.any") === true) return true;
	const names = listAt(monitor, "spec", "namespaceSelector", "matchNames");
	return names.length > 0
		? names.includes(namespace)
		: namespace === monitor.metadata.namespace;
}

/** Whether Prometheus has each monitor look into its own namespace alone, whatever it says. */
export function ignoresNamespaces(side: Side): boolean {
	const all = objectsOf(side, "Prometheus", "PrometheusAgent");
	return (
		all.length > 0 &&
		all.every((each) => at(each, "spec.ignoreNamespaceSelectors") === true)
	);
}

/** A monitor without what Prometheus ignores of it. */
export function withoutIgnored(side: Side, monitor: Manifest): Manifest {
	return ignoresNamespaces(side) &&
		at(monitor, "spec.namespaceSelector") !== undefined
		? {
				...monitor,
				spec: omit(asObject(monitor.spec), ["namespaceSelector"]),
			}
		: monitor;
}
