import type { Manifest } from "../../../clients/kube-objects.ts";
import {
	type LabelSelector,
	labelSelector,
} from "../../../clients/label-selector.ts";
import { at } from "../charts/fields.ts";

/** One condition of a monitor's selector. */
export interface LabelRequirement {
	readonly label: string;
	/** With nothing but this condition. */
	readonly selector: LabelSelector;
}

/** The conditions of a monitor's selector, one by one; none if it cannot be read. */
export function requirementsOf(
	monitor: Manifest | undefined,
): LabelRequirement[] {
	const { data } = labelSelector.safeParse(at(monitor, "spec.selector"));
	return [
		...Object.entries(data?.matchLabels ?? {}).map(([label, value]) => ({
			label,
			selector: { matchLabels: { [label]: value }, matchExpressions: [] },
		})),
		...(data?.matchExpressions ?? []).map((each) => ({
			label: each.key,
			selector: { matchLabels: {}, matchExpressions: [each] },
		})),
	];
}
