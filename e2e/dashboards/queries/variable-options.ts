import { z } from "zod";
import type { Datasource, GrafanaClient } from "../../clients/grafana.ts";
import { metricsIn } from "../../common/promql/expressions.ts";
import { timeIntervalOf } from "../datasource-settings.ts";
import { resolveDatasource } from "./datasource-refs.ts";
import {
	fillIn,
	inLogql,
	inPromql,
	type VariableValues,
	widen,
} from "./interpolation.ts";
import type { QueriedStack } from "./judge-query.ts";
import { labelsNeededBy } from "./log-labels.ts";
import type { Variable } from "./model.ts";
import type { QueriedRange } from "./time.ts";
import { applyRegex, queryOf } from "./variables.ts";

const names = z.looseObject({ data: z.array(z.string()) });
const series = z.looseObject({
	data: z.array(z.record(z.string(), z.string())),
});
const vector = z.looseObject({
	data: z.looseObject({
		result: z.array(
			z.looseObject({
				metric: z.record(z.string(), z.string()),
				value: z.tuple([z.number(), z.string()]),
			}),
		),
	}),
});

/**
 * Asks the datasource of a variable of type query for its options, as Grafana's pages do.
 *
 * @returns the options in Grafana's order; undefined if only logs that are not here would have some; or a sentence that
 * says why there can be none
 */
export async function askForOptions(
	stack: Pick<QueriedStack, "grafana" | "datasources" | "logs">,
	range: QueriedRange,
	variable: Variable,
	values: VariableValues,
): Promise<readonly string[] | undefined | { readonly flaw: string }> {
	const { grafana, datasources } = stack;
	const found = resolveDatasource(variable.datasource, values, datasources);
	if ("flaw" in found) return found;
	if (!("datasource" in found)) return [];
	const { datasource } = found;
	const isLoki = datasource.type === "loki";
	if (isLoki) {
		const { label, stream } = readLokiQuery(variable, values);
		const needed = [label ?? [], labelsNeededBy(stream ?? "")].flat();
		const why = await stack.logs.whyUnknown(datasource, needed);
		if (why) return { flaw: why };
	}
	const options =
		datasource.type === "prometheus"
			? await askPrometheus(grafana, datasource, range, variable, values)
			: isLoki
				? await askLoki(grafana, datasource, range, variable, values)
				: [];
	const regex = fillIn(variable.regex ?? "", values);
	const kept = [...applyRegex(options.filter(Boolean), regex)].sort();
	if (kept.length > 0) return kept;
	const widened = widenQuery(variable);
	// What was chosen before may leave nothing to choose here, and another choice something.
	if (widened) return askForOptions(stack, range, widened, values);
	return isLoki ? undefined : kept;
}

/**
 * What the options of a variable are read from, if nothing of it comes any more: Grafana offers all that there was in the
 * dashboard's time range.
 */
export async function findGone(
	{ datasources, live }: Pick<QueriedStack, "datasources" | "live">,
	variable: Variable,
	values: VariableValues,
): Promise<readonly string[]> {
	const found = resolveDatasource(variable.datasource, values, datasources);
	if (!("datasource" in found) || found.datasource.type !== "prometheus")
		return [];
	const [, selector, expression = selector ?? ""] =
		/^(?:label_values\((.+),\s*\w+\s*\)|query_result\((.+)\))$/s.exec(
			queryOf(variable).trim(),
		) ?? [];
	const { datasource } = found;
	const missing = await Promise.all(
		metricsIn(expression).map((metric) => live.missing(datasource, metric)),
	);
	// One of several may be that of another version.
	return missing.every(({ length }) => length > 0) ? missing.flat() : [];
}

/** The same variable, whatever is chosen for others; undefined if its query uses no others. */
function widenQuery(variable: Variable): Variable | undefined {
	const written = queryOf(variable);
	const query = widen(written);
	return query === written ? undefined : { ...variable, query };
}

async function askPrometheus(
	grafana: Pick<GrafanaClient, "resources">,
	datasource: Datasource,
	range: QueriedRange,
	variable: Variable,
	values: VariableValues,
): Promise<string[]> {
	const resources = grafana.resources(datasource);
	const query = fillIn(
		queryOf(variable),
		withRange(values, range, datasource),
		inPromql,
	).trim();
	const time = { start: inSeconds(range.from), end: inSeconds(range.to) };
	const labels = async (path: string, selector?: string) => {
		const asked = { ...time, ...(selector && { "match[]": selector }) };
		const answer = await resources.get(`/api/v1/${path}`, asked);
		return answer.read(names).data;
	};

	if (/^label_names\(.*\)$/s.test(query)) return labels("labels");
	const [, selector, label] =
		/^label_values\((?:(.+),)?\s*(\w+)\s*\)$/s.exec(query) ?? [];
	if (label) return labels(`label/${label}/values`, selector?.trim());
	const [, pattern] = /^metrics\((.+)\)$/s.exec(query) ?? [];
	if (pattern) {
		const expression = new RegExp(pattern);
		const all = await labels("label/__name__/values");
		return all.filter((name) => expression.test(name));
	}
	const [, expression] = /^query_result\((.+)\)$/s.exec(query) ?? [];
	if (expression) {
		const asked = { query: expression, time: inSeconds(range.to) };
		const answer = await resources.get("/api/v1/query", asked);
		return answer
			.read(vector)
			.data.result.map(({ metric: { __name__ = "", ...rest }, value }) => {
				const [seconds, number] = value;
				return `${__name__}{${pairsOf(rest)}} ${number} ${seconds * 1000}`;
			});
	}
	if (!query) return [];
	const answer = await resources.get("/api/v1/series", {
		...time,
		"match[]": query,
	});
	return answer
		.read(series)
		.data.map(({ __name__ = "", ...rest }) => `${__name__}{${pairsOf(rest)}}`);
}

/** The label of a variable of Loki, and the streams that have it: both may be left out. */
function readLokiQuery(
	{ query }: Variable,
	values: VariableValues,
): { readonly label?: string; readonly stream?: string } {
	const written = typeof query === "string" ? query : "";
	const [, inText, ofText] =
		/^label_values\((?:(.+),)?\s*(\w+)\s*\)$/s.exec(written) ?? [];
	const { label, stream } =
		typeof query === "object" && query
			? query
			: { label: ofText, stream: inText };
	return {
		...(label && { label }),
		...(stream && { stream: fillIn(stream, values, inLogql) }),
	};
}

async function askLoki(
	grafana: Pick<GrafanaClient, "resources">,
	datasource: Datasource,
	{ from, to }: QueriedRange,
	variable: Variable,
	values: VariableValues,
): Promise<string[]> {
	const resources = grafana.resources(datasource);
	const { label, stream } = readLokiQuery(variable, values);
	const nanoseconds = (time: number) => `${Math.trunc(time)}000000`;
	const time = { start: nanoseconds(from), end: nanoseconds(to) };
	if (!label) {
		const answer = await resources.get("/labels", time);
		return answer.read(names.partial()).data ?? [];
	}
	if (!stream) {
		const answer = await resources.get(`/label/${label}/values`, time);
		return answer.read(names.partial()).data ?? [];
	}
	const answer = await resources.get("/series", {
		...time,
		"match[]": stream,
	});
	return answer.read(series).data.flatMap((each) => each[label] ?? []);
}

/** For the query of a variable the pages put in what the backend puts into a panel's query. */
function withRange(
	values: VariableValues,
	{ from, to }: QueriedRange,
	datasource: Datasource,
): VariableValues {
	const one = (value: string) => ({ value, several: false });
	const seconds = Math.round((to - from) / 1000);
	return new Map([
		...values,
		["__interval", one(timeIntervalOf(datasource))],
		["__rate_interval", one(timeIntervalOf(datasource))],
		["__range", one(`${seconds}s`)],
		["__range_s", one(String(seconds))],
		["__range_ms", one(String(seconds * 1000))],
	]);
}

function pairsOf(labels: Readonly<Record<string, string>>): string {
	return Object.entries(labels)
		.map(([name, value]) => `${name}="${value}"`)
		.join(",");
}

function inSeconds(milliseconds: number): string {
	return (milliseconds / 1000).toFixed(3);
}
