import { pick } from "es-toolkit";
import { nameOf } from "../../../clients/kube-objects.ts";
import { mapsAt, type YamlMap } from "../../../common/parsing/yaml-map.ts";
import { asObject } from "../charts/fields.ts";
import { objectsOf, type Side } from "../charts/side.ts";
import { isSelected } from "./selectors.ts";

/** What the operator takes from a PrometheusRule; partial_response_strategy is only for Thanos. */
const groupFields = ["name", "interval", "limit", "query_offset", "labels"];
const ruleFields = [
	...["alert", "record", "expr", "for", "keep_firing_for"],
	...["labels", "annotations"],
];

/** The files of rules that the operator makes of the PrometheusRules that Prometheus loads, by their objects' names. */
export function ruleFiles(side: Side): Map<string, string> {
	return new Map(
		objectsOf(side, "PrometheusRule")
			.filter((each) => isSelected(side, each))
			.map((each) => [
				nameOf(each),
				JSON.stringify({
					groups: mapsAt(each, "spec", "groups").map((group) => ({
						...setFields(group, groupFields),
						rules: mapsAt(group, "rules").map(makeRule),
					})),
				}),
			]),
	);
}

function makeRule(rule: YamlMap): YamlMap {
	const { expr, labels, annotations, ...rest } = setFields(rule, ruleFields);
	return {
		...rest,
		// A number may be an expression.
		...(expr !== undefined && { expr: String(expr) }),
		...(labels !== undefined && { labels: texts(labels) }),
		...(annotations !== undefined && { annotations: texts(annotations) }),
	};
}

/** The schema says what is no text. */
function texts(map: unknown): YamlMap {
	return Object.fromEntries(
		Object.entries(asObject(map)).map(([name, each]) => [name, String(each)]),
	);
}

function setFields(map: YamlMap, fields: readonly string[]): YamlMap {
	return Object.fromEntries(
		Object.entries(pick(map, fields)).filter(
			([, each]) => each !== null && each !== undefined,
		),
	);
}
