import { uniq } from "es-toolkit";
import { set } from "es-toolkit/compat";
import { isMap } from "../../../common/parsing/yaml-map.ts";
import type { Addition } from "./addition.ts";
import { lastSaid } from "./last-said.ts";
import { readValues } from "./read-values.ts";

const claim = ["volumeClaimTemplate", "spec", "accessModes"];
const paths = {
	grafana: ["grafana", "persistence", "accessModes"],
	prometheus: ["prometheus", "prometheusSpec", "storageSpec", ...claim],
	alertmanager: ["alertmanager", "alertmanagerSpec", "storage", ...claim],
};
const strategy = ["grafana", "deploymentStrategy"];

/**
 * Lets volumes be mounted by one node where values let them by many: Longhorn can do that, its stand-in cannot, and a
 * claim for it would wait for ever.
 *
 * @param layers contents of values files, in their order
 * @returns undefined if no values ask for it
 */
export function mountByOneNode(
	layers: readonly string[],
): Addition | undefined {
	const values = layers.map(readValues);
	const content = {};
	const changed: string[] = [];
	const change = (path: readonly string[], value: unknown) => {
		set(content, path, value);
		const shown = typeof value === "string" ? value : JSON.stringify(value);
		changed.push(`${path.join(".")}=${shown}`);
	};
	for (const [part, path] of Object.entries(paths)) {
		const modes = lastSaid(values, ...path);
		if (!Array.isArray(modes) || !modes.includes("ReadWriteMany")) continue;
		change(
			path,
			uniq(
				modes.map((each) =>
					each === "ReadWriteMany" ? "ReadWriteOnce" : String(each),
				),
			),
		);
		if (part !== "grafana") continue;
		const said = lastSaid(values, ...strategy);
		if (lastSaid(values, ...strategy, "type") !== "Recreate")
			change([...strategy, "type"], "Recreate");
		// Kubernetes refuses the one with the other.
		if (isMap(said) && isMap(lastSaid(values, ...strategy, "rollingUpdate")))
			change([...strategy, "rollingUpdate"], null);
	}
	if (changed.length === 0) return undefined;
	return {
		content: JSON.stringify(content),
		changed,
		reason:
			"Longhorn serves a volume to several nodes, its stand-in to one: a new Grafana would wait for the volume of the old one.",
	};
}
