import type { InstantSeries } from "../clients/prometheus.ts";
import type { Variable } from "./queries.ts";

/** What a variable stands for in an expression. */
export type Values = ReadonlyMap<string, string>;

/** Evaluates PromQL now. */
export type Evaluate = (
	expression: string,
) => Promise<readonly Pick<InstantSeries, "metric" | "value">[]>;

/** Grafana's own, for a dashboard over an hour with scrapes each minute. */
const builtIn: Values = new Map([
	["__interval", "1m"],
	["__interval_ms", "60000"],
	["__rate_interval", "4m"],
	["__rate_interval_ms", "240000"],
	["__range", "1h"],
	["__range_s", "3600"],
	["__range_ms", "3600000"],
]);

const reference =
	/\$(?<plain>[a-zA-Z_]\w*)|\$\{(?<braced>\w+)(?:[.:][^}]*)?\}|\[\[(?<old>\w+)(?::\w+)?\]\]/g;

/** Puts values in the place of variables. What is no variable of the dashboard's stays as it is. */
export function fillIn(expression: string, values: Values): string {
	return expression.replaceAll(reference, (whole, ...rest) => {
		const { plain, braced, old } = rest.at(-1);
		return values.get(plain ?? braced ?? old ?? "") ?? whole;
	});
}

/** The variables for which an expression has no value. */
export function unfilled(expression: string): string[] {
	return [...expression.matchAll(reference)].map(([whole]) => whole);
}

/**
 * Gives each variable of a dashboard the value that it has when all is selected, or else its first: those of a query
 * are read from the stack. One whose query finds nothing is empty, as in Grafana.
 */
export async function resolveVariables(
	variables: readonly Variable[],
	evaluate: Evaluate,
): Promise<Map<string, string>> {
	const values = new Map(builtIn);
	// In their order: one may be used in the query of a later one.
	for (const variable of variables) {
		const found =
			variable.type === "query"
				? await readOptions(variable, values, evaluate)
				: optionsOf(variable);
		values.set(variable.name, choose(variable, found));
	}
	return values;
}

/** What a variable's query asks of Prometheus; undefined where it asks for names alone. */
export function expressionOf(query: string): string | undefined {
	const [, selector] = /^label_values\(\s*(.*),\s*\w+\s*\)$/s.exec(query) ?? [];
	const [, result] = /^query_result\((.*)\)$/s.exec(query) ?? [];
	if (/^(label_values|label_names|metrics)\(/.test(query)) return selector;
	return result ?? query;
}

async function readOptions(
	variable: Variable,
	values: Values,
	evaluate: Evaluate,
): Promise<string[]> {
	const query = fillIn(queryOf(variable), values).trim();
	const [, label] = /^label_values\((?:.*,)?\s*(\w+)\s*\)$/s.exec(query) ?? [];
	const expression = expressionOf(query);
	const found = label
		? (
				await evaluate(
					`group by (${label}) (${expression ?? `{${label}!=""}`})`,
				)
			).map(({ metric }) => metric[label] ?? "")
		: expression
			? (await evaluate(expression)).map(showSeries)
			: [];
	const picked = found
		.filter(Boolean)
		.flatMap((each) => pick(each, variable.regex ?? ""));
	return [...new Set(picked)].sort();
}

function queryOf({ query }: Variable): string {
	return (typeof query === "string" ? query : query?.query) ?? "";
}

/** As `query_result` gives it. */
function showSeries({
	metric: { __name__: name = "", ...labels },
	value,
}: Pick<InstantSeries, "metric" | "value">): string {
	const pairs = Object.entries(labels).map(([key, each]) => `${key}="${each}"`);
	return `${name}{${pairs.join(",")}} ${value.value} ${value.timestamp}`;
}

/** What a variable's regular expression leaves of a value: its group, or the whole. */
function pick(value: string, regex: string): string[] {
	const [, pattern = regex, flags = ""] = /^\/(.*)\/(\w*)$/s.exec(regex) ?? [];
	if (!pattern) return [value];
	const found = new RegExp(pattern, flags.replace("g", "")).exec(value);
	return found ? [found[1] ?? found[0]] : [];
}

function optionsOf(variable: Variable): string[] {
	const { type, current, options } = variable;
	const offered = [current?.value, ...(options ?? []).map((o) => o.value)]
		.flat()
		.filter((each) => each !== undefined);
	const written = queryOf(variable)
		.split(",")
		.map((each) => each.replace(/^.* : /, "").trim());
	const all = [...offered, ...written].filter(
		(each) => each && !each.startsWith("$__"),
	);
	return type === "interval" ? all.slice(0, 1) : all;
}

function choose(
	{ includeAll, multi, allValue }: Variable,
	found: readonly string[],
): string {
	if (includeAll && allValue) return allValue;
	const [first] = found;
	if (first === undefined) return "";
	if (!includeAll && !multi) return first.replaceAll(/["\\]/g, "\\$&");
	// As Grafana does for matchers with =~, in a string of PromQL.
	const escaped = found.map((each) =>
		each.replaceAll(/[\\^$*+?.()|[\]{}]/g, "\\\\$&"),
	);
	return escaped.length === 1 ? (escaped[0] ?? "") : `(${escaped.join("|")})`;
}
