import type { Manifest } from "../../../clients/kube-objects.ts";
import { readableEntry } from "../charts/data.ts";
import { textAt } from "../charts/fields.ts";
import { readYaml } from "../charts/read-yaml.ts";
import { allObjectsOf, type Side } from "../charts/side.ts";

/**
 * The list in a Secret that a field of Prometheus' spec names, such as `additionalScrapeConfigs`; empty if the field is
 * not set, undefined if neither the chart nor the person has the Secret, or if it cannot be read.
 */
export function listInSecret(
	side: Side,
	prometheus: Manifest,
	field: string,
): readonly unknown[] | undefined {
	const name = textAt(prometheus, `spec.${field}.name`);
	if (name === "") return [];
	const secret = allObjectsOf(side, "Secret").find(
		({ metadata }) =>
			metadata.name === name &&
			metadata.namespace === prometheus.metadata.namespace,
	);
	const text =
		secret && readableEntry(secret, textAt(prometheus, `spec.${field}.key`));
	if (text === undefined) return undefined;
	const list = readYaml(text);
	return Array.isArray(list) ? list : [];
}
