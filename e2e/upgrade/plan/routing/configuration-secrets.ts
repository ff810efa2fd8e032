import type { Manifest } from "../../../clients/kube-objects.ts";
import { readableEntry } from "../charts/data.ts";
import { textAt } from "../charts/fields.ts";
import { allObjectsOf, objectsOf, type Side } from "../charts/side.ts";

/**
 * Secrets that may have Alertmanager's configuration: those of the chart, and of those beside it what an Alertmanager names
 * and what can be read.
 */
export function configurationSecrets(side: Side): Manifest[] {
	const alertmanagers = objectsOf(side, "Alertmanager");
	const own = objectsOf(side, "Secret");
	const isNamed = ({ metadata }: Manifest) =>
		alertmanagers.some(
			(each) =>
				textAt(each, "spec.configSecret") === metadata.name &&
				each.metadata.namespace === metadata.namespace,
		);
	return [
		...own,
		...allObjectsOf(side, "Secret").filter(
			(each) =>
				!own.includes(each) &&
				isNamed(each) &&
				readableEntry(each, "alertmanager.yaml") !== undefined,
		),
	];
}
