import { isEqual } from "es-toolkit";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { labelSelector, selects } from "../../../clients/label-selector.ts";
import { at } from "../charts/fields.ts";
import { type Renaming, renamedKey } from "../charts/renaming.ts";
import { objectKey, objectsOf, type Side } from "../charts/side.ts";
import { isInNamespace } from "./monitored-namespaces.ts";

/** Whether a monitor of a renamed release finds the Services of the chart that it found, by whatever labels. */
export function findsSameServices(
	old: Manifest,
	now: Manifest,
	a: Side,
	b: Side,
	renaming: Renaming,
): boolean {
	const before = servicesOf(old, a).map(
		(each) => renamedKey(each, renaming) ?? objectKey(each),
	);
	const after = servicesOf(now, b).map(objectKey);
	return before.length > 0 && isEqual(before.sort(), after.sort());
}

function servicesOf(monitor: Manifest, side: Side): Manifest[] {
	const selector = labelSelector.safeParse(at(monitor, "spec.selector"));
	return selector.success
		? objectsOf(side, "Service").filter(
				({ metadata }) =>
					isInNamespace(monitor, metadata.namespace) &&
					selects(selector.data, metadata.labels ?? {}),
			)
		: [];
}
