import { isMap, mapAt, type YamlMap } from "../../common/parsing/yaml-map.ts";

/** The chart's keys at the top, in any of its versions. Those that other charts have, too: */
const general = [
	...["nameOverride", "fullnameOverride", "namespaceOverride", "global"],
	...["kubeVersionOverride", "kubeTargetVersionOverride", "commonLabels"],
	...["extraManifests", "crds", "customRules"],
];
/** Those that are names of charts, which may stand beside the stack. */
const charts = [
	...["prometheus", "alertmanager", "grafana", "kube-state-metrics"],
	...["prometheus-node-exporter", "prometheus-windows-exporter"],
];
const own = [
	...["defaultRules", "prometheusOperator", "thanosRuler", "nodeExporter"],
	...["additionalPrometheusRules", "additionalPrometheusRulesMap"],
	...["kubernetesServiceMonitors", "kubeStateMetrics", "windowsMonitoring"],
	...["kubelet", "kubeApiServer", "kubeControllerManager", "coreDns"],
	...["kubeDns", "kubeEtcd", "kubeScheduler", "kubeProxy"],
	"cleanPrometheusOperatorObjectNames",
];
export const stackKeys: ReadonlySet<string> = new Set([
	...general,
	...charts,
	...own,
]);

/** How sure it is that a map has values of the stack: 0 for none of its keys, 3 for keys that no other chart has. */
export function stackLikeness(values: YamlMap): 0 | 1 | 2 | 3 {
	const has = (keys: readonly string[]) => keys.some((key) => key in values);
	const isOperators =
		isMap(mapAt(values, "prometheus").prometheusSpec) ||
		isMap(mapAt(values, "alertmanager").alertmanagerSpec);
	if (has(own) || isOperators) return 3;
	if (has(charts)) return 2;
	return has(general.filter((key) => key !== "global")) ? 1 : 0;
}

/**
 * Where a map has the values of the stack, as those of an umbrella chart are under its name or an alias; an empty path if
 * they are those of the stack themselves. Several paths if they are equally likely.
 */
export function findStackValues(values: YamlMap, name: string): string[][] {
	if (isMap(values[name])) return [[name]];
	const top = stackLikeness(values);
	const nested = Object.entries(values).flatMap(([key, inner]) =>
		isMap(inner) && !stackKeys.has(key) ? pathsIn(inner, [key], name) : [],
	);
	const best = Math.max(0, ...nested.map(({ likeness }) => likeness));
	// What only other charts would have needs no company.
	if (best < 2 || best <= top) return [[]];
	return nested
		.filter(({ likeness }) => likeness === best)
		.map(({ path }) => path);
}

function pathsIn(
	values: YamlMap,
	path: readonly string[],
	name: string,
): { path: string[]; likeness: number }[] {
	if (isMap(values[name])) return [{ path: [...path, name], likeness: 4 }];
	const likeness = stackLikeness(values);
	if (likeness > 1) return [{ path: [...path], likeness }];
	return path.length > 1
		? []
		: Object.entries(values).flatMap(([key, inner]) =>
				isMap(inner) && !stackKeys.has(key)
					? pathsIn(inner, [...path, key], name)
					: [],
			);
}
