import { memoize } from "es-toolkit";
import { oncePerObject } from "../../../common/parsing/once-per-object.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import {
	missingIn,
	type Selector,
	selectorsIn,
} from "../../../common/promql/expressions.ts";
import { at, textAt } from "../charts/fields.ts";
import type { Side } from "../charts/side.ts";
import {
	expressionsOf,
	isDashboard,
	isOfPrometheus,
} from "../grafana/dashboard-content.ts";
import { provisionedIn } from "../grafana/provisioned.ts";
import { rulesOf, selectedRules } from "../monitoring/rule-schema.ts";
import { isSelected } from "../monitoring/selectors.ts";

/** What asks for metrics: an alert of Prometheus or Grafana, a recording rule, or a dashboard. */
export interface MetricUser {
	readonly kind: "alert" | "grafana-alert" | "recording" | "dashboard";
	readonly name: string;
	/** Several rules may record one name, each for other series. */
	readonly expressions: readonly string[];
}

/** Everything that asks for metrics, of the chart and of the person. */
export const metricUsers = oncePerObject(
	(side: Side): readonly MetricUser[] => {
		const { companions = [] } = side;
		const rules = [
			...selectedRules(side),
			...companions
				.filter(
					(each) => each.kind === "PrometheusRule" && isSelected(side, each),
				)
				.flatMap(rulesOf),
		];
		const byName = Map.groupBy(
			rules.filter(({ record }) => record !== undefined),
			({ record }) => record ?? "",
		);
		return [
			...rules.flatMap(({ alert, expr }): MetricUser[] =>
				alert === undefined
					? []
					: [{ kind: "alert", name: alert, expressions: [expr] }],
			),
			...[...byName].map(
				([name, own]): MetricUser => ({
					kind: "recording",
					name,
					expressions: own.map(({ expr }) => expr),
				}),
			),
			...provisionedIn(side).alerts.map(
				(each): MetricUser => ({
					kind: "grafana-alert",
					name: each.title,
					expressions: listAt(each, "data").flatMap((query) => {
						const model = at(query, "model");
						const expression = textAt(model, "expr");
						return expression !== "" && isOfPrometheus(model)
							? [expression]
							: [];
					}),
				}),
			),
			...[...side.objects, ...companions].filter(isDashboard).map(
				(each): MetricUser => ({
					kind: "dashboard",
					name: each.metadata.name,
					expressions: expressionsOf(each),
				}),
			),
		];
	},
);

/** The same few hundred expressions are read in every experiment. */
const selectorsOf = memoize((expression: string) => selectorsIn(expression));

/** The selectors that an expression needs and that are lost. */
export function lostIn(
	written: string,
	isLost: (selector: Selector) => boolean,
): string[] {
	const expression = withoutVariablesInTexts(written);
	if (!selectorsOf(expression).some(isLost)) return [];
	const has = (selector: Selector) => !isLost(selector);
	return missingIn(expression, { has, stores: has });
}

/** Grafana fills in variables; `$` alone stands for any value. */
function withoutVariablesInTexts(expression: string): string {
	return expression.replaceAll(/"(?:[^"\\]|\\.)*"/g, (text) =>
		text.includes("$") ? '"$"' : text,
	);
}
