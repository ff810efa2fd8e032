import type { Manifest } from "../../../clients/kube-objects.ts";
import { oncePerObject } from "../../../common/parsing/once-per-object.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { dataOf } from "../charts/data.ts";
import { at, textAt } from "../charts/fields.ts";

/** Whether a ConfigMap holds a Grafana dashboard. */
export const isDashboard = oncePerObject(
	(object: Manifest): boolean =>
		object.kind === "ConfigMap" &&
		[...dataOf(object)].some(
			([key, text]) => key.endsWith(".json") && /"panels"\s*:/.test(text),
		),
);

/** The PromQL of a dashboard's panels, annotations and variables. */
export const expressionsOf = oncePerObject(
	(object: Manifest): readonly string[] =>
		[...dataOf(object).values()].flatMap((text) => {
			const found: string[] = [];
			const walk = (value: unknown) => {
				if (Array.isArray(value)) value.forEach(walk);
				else if (typeof value === "object" && value !== null)
					for (const [key, each] of Object.entries(value)) {
						if (key === "expr" && typeof each === "string") found.push(each);
						else walk(each);
					}
			};
			const dashboard = tryParseJson(text);
			walk(dashboard);
			return [
				...found,
				...listAt(dashboard, "templating", "list").flatMap(
					expressionsOfVariable,
				),
			];
		}),
);

/** What a variable asks Prometheus for, as `label_values(up, job)` or `query_result(sum(up))`. */
function expressionsOfVariable(variable: unknown): string[] {
	const query = at(variable, "query");
	const text = String(at(query, "query") ?? query ?? "").trim();
	if (at(variable, "type") !== "query" || !isOfPrometheus(variable)) return [];
	const selector = /^label_values\(\s*(.+?)\s*,\s*\w+\s*\)$/s.exec(text)?.[1];
	const expression = /^query_result\(\s*(.+?)\s*\)$/s.exec(text)?.[1];
	return [selector, expression].filter((each) => each !== undefined);
}

/** Whether a query goes to Prometheus; one that does not say goes to the default, which the chart makes that. */
export function isOfPrometheus(query: unknown): boolean {
	const type = textAt(query, "datasource.type");
	return type === "" || type === "prometheus";
}

/** Undefined if the text is not JSON. */
export function tryParseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
