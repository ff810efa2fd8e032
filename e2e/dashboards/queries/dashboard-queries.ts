import pLimit from "p-limit";
import type { Datasource, GrafanaClient } from "../../clients/grafana.ts";
import type { QueryResult } from "../../clients/grafana-queries.ts";
import { withoutFilters } from "../../common/promql.ts";
import type { LiveSeries } from "./live-series.ts";
import type { Panel, QueryingDashboard } from "./model.ts";
import {
	executedExpression,
	explainNothing,
	explainWindow,
} from "./nothing-drawn.ts";
import {
	type AskedQuery,
	makePanelRequest,
	type PanelRequest,
} from "./panel-request.ts";
import { readRange } from "./time.ts";
import { makeUnsetRates } from "./unset-rates.ts";
import { askForOptions } from "./variable-options.ts";
import { resolveVariables } from "./variables.ts";

/** How many panels ask at once. */
const atOnce = 6;

/** What is wrong with a query of a dashboard. */
export interface QueryFlaw {
	/** e.g. `Nodes, CPU by mode A` */
	readonly where: string;
	readonly what: string;
	/** If it may be that of others too. */
	readonly cause?: string;
	/** Whether waiting cannot help. */
	readonly lasting: boolean;
}

/** The stack as the queries see it. */
export interface QueriedStack {
	readonly grafana: Pick<GrafanaClient, "query" | "resources">;
	readonly datasources: readonly Datasource[];
	readonly live: Pick<LiveSeries, "missing" | "isExcused" | "isRecorded">;
	/** Of the loaded configuration, in milliseconds. */
	readonly scrapeInterval: number;
	/** From when on samples count, in milliseconds. */
	readonly since: number;
}

/** The result of one look at a dashboard's panels. */
interface Look {
	readonly flaws: readonly QueryFlaw[];
	/** How many queries were sent of which samples were wanted. */
	readonly asked: number;
	/** Those that draw nothing for a reason that is known. */
	readonly excused: readonly string[];
	/** Types of datasources that are not asked. */
	readonly unchecked: readonly string[];
	/** Requests with `$__rate_interval`, to be sent as they would be without a datasource's timeInterval. */
	readonly rates: readonly PanelRequest[];
}

/** Sends every query of a dashboard as Grafana's pages do. @param byDefault see `Surroundings` */
export async function lookAt(
	dashboard: QueryingDashboard,
	byDefault: boolean,
	stack: QueriedStack,
): Promise<Look> {
	const { title, time, variables, panels } = dashboard;
	const range = readRange(time, Date.now());
	const flaws: QueryFlaw[] = [];
	const values = await resolveVariables(variables, {
		title,
		range,
		datasources: stack.datasources,
		byDefault,
		ask: async (variable, known) => {
			const options = await askForOptions(
				stack.grafana,
				stack.datasources,
				range,
				variable,
				known,
			);
			if (!("flaw" in options)) return options;
			const where = `${title}, variable ${variable.name}`;
			flaws.push({ where, what: options.flaw, lasting: true });
			return [];
		},
	});
	const requests = panels.map((panel) => ({
		panel,
		request: makePanelRequest(panel, values, stack.datasources, range),
	}));
	const excused: string[] = [];
	const limit = pLimit(atOnce);
	await limit.map(requests, async ({ panel, request }) => {
		for (const [refId, what] of request.flaws)
			flaws.push({ where: nameOf(title, panel, refId), what, lasting: true });
		if (request.asked.length === 0) return;
		const results = await stack.grafana.query(request.body);
		for (const query of request.asked) {
			const found = await judge(
				query,
				results.get(query.refId),
				request,
				stack,
			);
			const where = nameOf(title, panel, query.refId);
			if (found === "excused") excused.push(where);
			else if (found) flaws.push({ where, ...found });
		}
	});
	return {
		flaws,
		excused,
		asked: requests.reduce((sum, { request }) => sum + request.asked.length, 0),
		unchecked: requests.flatMap(({ request }) => request.unchecked),
		rates: panels
			.map((panel) => makeUnsetRates(panel, values, stack.datasources, range))
			.filter(({ asked }) => asked.length > 0),
	};
}

/** Whether a dashboard shows other data if a person chooses the default datasource. */
export function offersDatasource({
	variables,
}: Pick<QueryingDashboard, "variables">): boolean {
	return variables.some(({ type }) => type === "datasource");
}

function nameOf(title: string, panel: Panel, refId: string): string {
	return `${title}, ${panel.title || "panel without a title"} ${refId}`;
}

async function judge(
	query: AskedQuery,
	result: QueryResult | undefined,
	request: PanelRequest,
	stack: QueriedStack,
): Promise<Omit<QueryFlaw, "where"> | "excused" | undefined> {
	const { datasource, expression, written } = query;
	const by = datasource ? `datasource ${datasource.name}: ` : "";
	if (!result)
		return { what: `${by}Grafana does not answer it`, lasting: true };
	if (result.error !== undefined)
		return { what: `${by}${expression}: ${result.error}`, lasting: false };
	const draws = isFresh(query, result, stack);
	if (!datasource)
		return draws
			? undefined
			: {
					what: `${written || "the expression"} draws nothing`,
					lasting: false,
				};
	if (datasource.type === "loki")
		// Nothing here collects the logs of a homelab.
		return draws ? undefined : "excused";
	const executed = executedExpression(result.executed) ?? expression;
	const missing = await stack.live.missing(datasource, executed);
	if (missing.length === 0) {
		if (draws) return undefined;
		if (await stack.live.isExcused(datasource, executed)) return "excused";
		const whole = withoutFilters(executed);
		if (whole !== executed) {
			const asked = withExpression(request, query, whole);
			const again = (await stack.grafana.query(asked)).get(query.refId);
			if (again && isFresh(query, again, stack)) return undefined;
		}
	}
	const empty = {
		datasource,
		written,
		executed,
		missing,
		scrapeInterval: stack.scrapeInterval,
		isRecorded: stack.live.isRecorded,
	};
	if (draws)
		return {
			what: `${by}${executed} still draws`,
			cause: `there is no sample any more of ${missing.join(", ")}`,
			lasting: false,
		};
	const { what, cause } = explainNothing(empty);
	return {
		what: by + what,
		cause,
		lasting: explainWindow(empty) !== undefined,
	};
}

/** Points are a whole number of intervals after 1970, so the newest one may be from before the test. */
function isFresh(
	{ intervalMs }: AskedQuery,
	{ rows, newest }: QueryResult,
	{ since }: QueriedStack,
): boolean {
	return rows > 0 && (newest === undefined || newest >= since - 2 * intervalMs);
}

/** The request for one query, with another expression. */
function withExpression(
	{ body }: PanelRequest,
	{ refId }: AskedQuery,
	expr: string,
): PanelRequest["body"] {
	const queries = body.queries.filter((each) => each.refId === refId);
	return { ...body, queries: queries.map((each) => ({ ...each, expr })) };
}
