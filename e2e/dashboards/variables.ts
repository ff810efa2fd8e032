import type { InstantSeries } from "../clients/prometheus-schemas.ts";
import type { Variable } from "./queries.ts";

/** The values of variables, by their names. */
export type VariableValues = ReadonlyMap<string, string>;

/** Evaluates PromQL now. */
export type Evaluate = (
	expression: string,
) => Promise<readonly Pick<InstantSeries, "metric" | "value">[]>;

/** Grafana's own variables, for a dashboard over an hour with scrapes each minute. */
const builtIn: VariableValues = new Map([
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

/** Replaces variables with their values. What is not a variable of the dashboard stays as it is. */
export function fillIn(expression: string, values: VariableValues): string {
	return expression.replaceAll(reference, (whole, ...rest) => {
		const { plain, braced, old } = rest.at(-1);
		return values.get(plain ?? braced ?? old ?? "") ?? whole;
	});
}

/** The variables that are left in an expression. */
export function findUnfilled(expression: string): string[] {
	return [...expression.matchAll(reference)].map(([whole]) => whole);
}

/**
 * Gives each variable of a dashboard the value that it has if all is selected, or else its first one. Variables of
 * type query are read from the stack. If a query finds nothing, the variable is empty, as in Grafana.
 */
export async function resolveVariables(
	variables: readonly Variable[],
	evaluate: Evaluate,
): Promise<Map<string, string>> {
	const values = new Map(builtIn);
	// In their order: a later one's query may use an earlier one.
	for (const variable of variables) {
		const found =
			variable.type === "query"
				? await readOptions(variable, values, evaluate)
				: optionsOf(variable);
		values.set(variable.name, choose(variable, found));
	}
	return values;
}

/** The PromQL in a variable's query; undefined if it only asks for names. */
export function promqlOfVariable(query: string): string | undefined {
	const [, selector] = /^label_values\(\s*(.*),\s*\w+\s*\)$/s.exec(query) ?? [];
	const [, result] = /^query_result\((.*)\)$/s.exec(query) ?? [];
	if (/^(label_values|label_names|metrics)\(/.test(query)) return selector;
	return result ?? query;
}

async function readOptions(
	variable: Variable,
	values: VariableValues,
	evaluate: Evaluate,
): Promise<string[]> {
	const query = fillIn(queryOf(variable), values).trim();
	const [, label] = /^label_values\((?:.*,)?\s*(\w+)\s*\)$/s.exec(query) ?? [];
	const expression = promqlOfVariable(query);
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

/** A series in the form of `query_result`. */
function showSeries({
	metric: { __name__: name = "", ...labels },
	value,
}: Pick<InstantSeries, "metric" | "value">): string {
	const pairs = Object.entries(labels).map(([key, each]) => `${key}="${each}"`);
	return `${name}{${pairs.join(",")}} ${value.value} ${value.timestamp}`;
}

/** What a variable's regular expression extracts from a value: its group, or the whole match. */
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
	// Escaped as Grafana does it for matchers with =~ in a PromQL string.
	const escaped = found.map((each) =>
		each.replaceAll(/[\\^$*+?.()|[\]{}]/g, "\\\\$&"),
	);
	return escaped.length === 1 ? (escaped[0] ?? "") : `(${escaped.join("|")})`;
}
