import type { Manifest } from "../../../clients/kube-objects.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { at } from "../charts/fields.ts";

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
