import type { Datasource } from "../../clients/grafana.ts";
import type { VariableValue, VariableValues } from "./interpolation.ts";
import { fillIn } from "./interpolation.ts";
import type { Variable } from "./model.ts";
import { intervalOf, type QueriedRange } from "./time.ts";

/**
 * Asks a datasource for the options of a variable of type query; undefined if there may be some, only not here, and `refused`
 * if there never are any.
 */
export type AskOptions = (
	variable: Variable,
	values: VariableValues,
) => Promise<readonly string[] | "refused" | undefined>;

/** What variables are resolved by. */
export interface Surroundings {
	readonly title: string;
	readonly range: QueriedRange;
	readonly datasources: readonly Datasource[];
	readonly ask: AskOptions;
	/** Chooses the default datasource wherever a variable offers it, not what the dashboard has chosen. */
	readonly byDefault?: boolean;
}

const all = "$__all";

/** Gives each variable of a dashboard the value that it has when a person opens the dashboard. */
export async function resolveVariables(
	variables: readonly Variable[],
	surroundings: Surroundings,
): Promise<VariableValues> {
	const values = new Map(builtIn(surroundings));
	// In their order: a later one's query may use an earlier one.
	for (const variable of variables) {
		const value = await resolve(variable, values, surroundings);
		if (value) values.set(variable.name, value);
	}
	return values;
}

/** The variables that Grafana's pages have for every dashboard. */
function builtIn({
	title,
	range,
}: Pick<Surroundings, "title" | "range">): [string, VariableValue][] {
	const one = (value: string) => ({ value, several: false });
	return [
		["__from", one(String(range.from))],
		["__to", one(String(range.to))],
		["__dashboard", one(title)],
		["__org", one("1")],
		["__org.name", one("Main Org.")],
		["__user", one("1")],
		["__user.login", one("admin")],
		["__user.email", one("admin@localhost")],
		// What a person types into a variable's list: nothing yet.
		["__searchFilter", one(".*")],
		["__timezone", one("browser")],
		// InfluxDB's and Graphite's; nothing else uses it.
		["timeFilter", one("")],
	];
}

async function resolve(
	variable: Variable,
	values: VariableValues,
	{ datasources, range, ask, byDefault = false }: Surroundings,
): Promise<VariableValue | undefined> {
	const written = queryOf(variable);
	switch (variable.type) {
		case "datasource": {
			const options = datasourceOptions(variable, datasources);
			return byDefault && options.includes("default")
				? { value: "default", several: false }
				: select(variable, options);
		}
		case "query": {
			const options = await ask(variable, values);
			if (options === "refused") {
				const why = `its variable ${variable.name} has no options: its query is refused`;
				return { ...select(variable, []), nothing: { why } };
			}
			const value = select(variable, options ?? []);
			if (!options || options.length > 0 || value.asIs) return value;
			const query = fillIn(written, values);
			const kept = variable.regex
				? ` that its regular expression ${variable.regex} takes`
				: "";
			const why = `its variable ${variable.name} has no options: nothing is found by ${query || "its query"}${kept}`;
			return { ...value, nothing: { why, query } };
		}
		case "custom":
			return select(variable, customOptions(written));
		case "interval":
			return select(variable, intervalOptions(variable, range));
		case "constant":
		case "textbox":
			return {
				value: fillIn(asText(variable.current?.value) || written, values),
				several: false,
			};
		default:
			// Filters that a person adds by hand: there are none.
			return undefined;
	}
}

/** The text of a variable's query. */
export function queryOf({ query }: Pick<Variable, "query">): string {
	return (typeof query === "string" ? query : query?.query) ?? "";
}

/** What of a variable's options stays after its regular expression: a group named value, the first group, or all. */
export function applyRegex(
	options: readonly string[],
	regex: string,
): readonly string[] {
	const [, pattern = regex, flags = ""] = /^\/(.*)\/(\w*)$/s.exec(regex) ?? [];
	if (!pattern) return [...new Set(options)];
	const expression = new RegExp(pattern, `${flags.replaceAll("g", "")}g`);
	const picked = options.flatMap((option) => {
		const matches = [...option.matchAll(expression)];
		const [first] = matches;
		if (!first) return [];
		const named = matches.find(({ groups }) => groups?.value)?.groups?.value;
		if (named) return [named];
		if (first.length === 1) return [option];
		return (flags.includes("g") ? matches : [first]).flatMap(
			([, group]) => group ?? [],
		);
	});
	return [...new Set(picked)];
}

/** What the dashboard has chosen, if it is among the options; else the first of them, which is "All" if there is one. */
function select(variable: Variable, options: readonly string[]): VariableValue {
	const { current, includeAll, multi, allValue } = variable;
	const several = Boolean(includeAll || multi);
	const chosen = [current?.value ?? []].flat();
	const isAll =
		includeAll &&
		(chosen.includes(all) || !chosen.some((each) => options.includes(each)));
	if (isAll)
		return allValue
			? { value: allValue, several, asIs: true }
			: { value: options, several };
	const kept = chosen.filter((each) => options.includes(each));
	if (Array.isArray(current?.value) && kept.length > 0)
		return { value: kept, several };
	return { value: kept[0] ?? options[0] ?? "", several };
}

/** By names, and the default one by that word too. */
function datasourceOptions(
	variable: Variable,
	datasources: readonly Datasource[],
): string[] {
	const offered = datasources
		.filter(({ type }) => type === queryOf(variable))
		.sort((a, b) => a.name.localeCompare(b.name));
	const names = offered.flatMap(({ name, isDefault }) =>
		isDefault ? [name, "default"] : [name],
	);
	const fitting = applyRegex(names, variable.regex ?? "");
	// A dashboard that was saved in Grafana has the uid of what was chosen.
	const uids = offered.flatMap(({ uid, name }) =>
		fitting.includes(name) ? [uid] : [],
	);
	const chosen = [variable.current?.value ?? []].flat();
	return chosen.some((each) => uids.includes(each))
		? [...fitting, ...uids]
		: [...fitting];
}

/** `one : 1, two : 2`, of which the second is the value; a comma in a value is escaped. */
function customOptions(written: string): string[] {
	return (written.match(/(?:\\,|[^,])+/g) ?? []).map((each) =>
		each
			.replaceAll("\\,", ",")
			.replace(/^.+\s:\s(?=.)/, "")
			.trim(),
	);
}

function intervalOptions(variable: Variable, range: QueriedRange): string[] {
	const written = queryOf(variable).match(/(["'])(.*?)\1|\w+/g) ?? [];
	const options = written.map((each) => each.replaceAll(/["']/g, "").trim());
	const { auto, auto_count: count, auto_min: least } = variable;
	const calculated = auto
		? [`${intervalOf(range, count ?? 30, least ?? "10s") / 1000}s`]
		: [];
	return [...calculated, ...options];
}

function asText(text: string | readonly string[] | null | undefined): string {
	return [text ?? []].flat().join(",");
}
