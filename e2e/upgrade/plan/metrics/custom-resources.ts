import { memoize } from "es-toolkit";
import { mapsAt, stringAt } from "../../../common/parsing/yaml-map.ts";
import { readYaml } from "../charts/read-yaml.ts";
import type { SupplyKind } from "./supply-kind.ts";

const usualPrefix = "kube_customresource";

/**
 * Whether kube-state-metrics makes a metric of custom resources, which may have any name.
 *
 * @param files what it may read its configuration from
 */
export function customSupplyOf(
	args: readonly string[],
	files: readonly string[],
	metric: string,
): SupplyKind {
	const flags = args.flatMap(
		(each) =>
			/^--custom-resource-state-config(-file)?=(.*)$/s.exec(each)?.[2] ?? [],
	);
	if (flags.length === 0) return "has not";
	const names = [...files, ...flags].flatMap(namesIn);
	// Its configuration is not in the chart.
	if (names.length === 0)
		return metric.startsWith(`${usualPrefix}_`) ? "has" : "may have";
	return names.includes(metric) ? "has" : "has not";
}

/** The names of metrics in a configuration; none if the text is something else. */
const namesIn = memoize((text: string): string[] => {
	if (!/\bresources\s*"?:/.test(text)) return [];
	return mapsAt(readYaml(text), "spec", "resources").flatMap((resource) => {
		const prefix = stringAt(resource, "metricNamePrefix") ?? usualPrefix;
		return mapsAt(resource, "metrics").flatMap((metric) => {
			const name = stringAt(metric, "name");
			return name ? [prefix === "" ? name : `${prefix}_${name}`] : [];
		});
	});
});
