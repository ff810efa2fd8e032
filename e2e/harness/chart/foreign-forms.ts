import { basename } from "node:path";
import {
	isMap,
	listAt,
	mapAt,
	mapsAt,
	stringAt,
	yamlAt,
} from "../../common/parsing/yaml-map.ts";

const withRepo =
	"npm run upgrade -- --repo <dir> reads it, with what it refers to";

/** Files that people have beside their values, and mistake for them. */
const forms: readonly (readonly [
	isOne: (content: unknown, file: string) => boolean,
	what: string,
])[] = [
	[
		(content, file) =>
			/^kustomization\.ya?ml$/i.test(file) ||
			["configMapGenerator", "helmCharts", "patchesStrategicMerge"].some(
				(key) => listAt(content, key).length > 0,
			),
		`it is a kustomization, no values: ${withRepo}`,
	],
	[
		(content) =>
			/^v[12]$/.test(stringAt(content, "apiVersion") ?? "") &&
			stringAt(content, "name") !== undefined &&
			stringAt(content, "version") !== undefined,
		`it is a chart's Chart.yaml, no values: ${withRepo}`,
	],
	[
		(content) =>
			stringAt(content, "digest") !== undefined &&
			listAt(content, "dependencies").length > 0,
		"it is a chart's Chart.lock, no values",
	],
	[
		(content) =>
			mapsAt(content, "releases").some((each) =>
				["chart", "inherit"].some((key) => key in each),
			),
		`it is a helmfile, no values: ${withRepo}`,
	],
	[
		(content) =>
			Object.values(mapAt(content, "services")).some(
				(each) => isMap(each) && ("image" in each || "build" in each),
			),
		"it is a file of Docker Compose, no values",
	],
	[
		(content) =>
			Object.values(mapAt(content, "jobs")).some(
				(each) => isMap(each) && ("runs-on" in each || "uses" in each),
			),
		"it is a workflow of CI, no values",
	],
	[
		(content, file) =>
			/^\.?renovate(rc)?(\.json5?)?$/.test(file) ||
			/renovate/.test(stringAt(content, "$schema") ?? ""),
		"it is Renovate's configuration, no values",
	],
	[
		(content) => stringAt(mapAt(content, "helm"), "chart") !== undefined,
		`it is a fleet.yaml, no values: ${withRepo}`,
	],
	[
		(content) =>
			isMap(yamlAt(content, "entries")) &&
			yamlAt(content, "generated") !== undefined,
		"it is the index of a chart repository, no values",
	],
	[
		(content) =>
			stringAt(content, "$schema") !== undefined &&
			isMap(yamlAt(content, "properties")),
		"it is a JSON schema of values, not the values",
	],
	[
		(content) => listAt(content, "scrape_configs").length > 0,
		"it is a configuration of Prometheus itself, not values of the chart: the jobs go under prometheus.prometheusSpec.additionalScrapeConfigs",
	],
	[
		(content) =>
			isMap(yamlAt(content, "route")) &&
			listAt(content, "receivers").length > 0,
		"it is a configuration of Alertmanager itself, not values of the chart: it goes under alertmanager.config",
	],
	[
		(content) => mapsAt(content, "groups").some((each) => "rules" in each),
		"it is a file of Prometheus' rules, not values of the chart: they go under additionalPrometheusRulesMap",
	],
	[
		(content) =>
			listAt(content, "panels").length > 0 &&
			stringAt(content, "schemaVersion") !== undefined,
		"it is a dashboard of Grafana, no values",
	],
	[
		(content) =>
			Array.isArray(content) &&
			content.some((each) => isMap(each) && "op" in each),
		`it is a JSON patch, no values: ${withRepo}`,
	],
];

/** What a file is, if it is one that is known and holds no values; undefined otherwise. */
export function foreignForm(
	content: unknown,
	name: string,
): string | undefined {
	return forms.find(([isOne]) => isOne(content, basename(name)))?.[1];
}
