import { set } from "es-toolkit/compat";
import type { Addition } from "./addition.ts";
import { lastSaid } from "./last-said.ts";
import { readValues } from "./read-values.ts";

const specs = [
	["prometheus", "prometheusSpec"],
	["alertmanager", "alertmanagerSpec"],
];

/**
 * Lets replicas share a node where values say that they must not: the test has one node of each tier, and the second one
 * would wait for ever.
 *
 * @param layers contents of values files, in their order
 * @returns undefined if no values ask for it
 */
export function shareNodes(layers: readonly string[]): Addition | undefined {
	const values = layers.map(readValues);
	const content = {};
	const changed: string[] = [];
	for (const spec of specs) {
		const path = [...spec, "podAntiAffinity"];
		const replicas = Number(lastSaid(values, ...spec, "replicas") ?? 1);
		if (lastSaid(values, ...path) !== "hard" || !(replicas > 1)) continue;
		set(content, path, "soft");
		changed.push(`${path.join(".")}=soft`);
	}
	if (changed.length === 0) return undefined;
	return {
		content: JSON.stringify(content),
		changed,
		reason:
			"A homelab may have several nodes of a tier, the test has one: replicas share it.",
	};
}
