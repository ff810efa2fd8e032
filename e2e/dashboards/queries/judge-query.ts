import type { QueryResult } from "../../clients/grafana/queries.ts";
import type { Datasource, GrafanaClient } from "../../clients/grafana.ts";
import { clusterNow } from "../../common/clock/cluster-clock.ts";
import { withoutFilters } from "../../common/promql/filters.ts";
import { leaveOutOldOffsets } from "../../common/promql/offsets.ts";
import type { HasGaps } from "./gaps.ts";
import type { LiveLogs } from "./live-logs.ts";
import type { LiveSeries } from "./live-series.ts";
import {
	executedExpression,
	executedStep,
	explainGaps,
	explainNothing,
	narrowWindows,
} from "./nothing-drawn.ts";
import type { AskedQuery, PanelRequest } from "./panel-request.ts";

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
	readonly live: Pick<
		LiveSeries,
		"missing" | "isExcused" | "isRecorded" | "mayBeScarce" | "excuse"
	>;
	readonly hasGaps: HasGaps;
	readonly logs: Pick<LiveLogs, "prepare" | "whyNever" | "whyUnknown">;
	/** Of the loaded configuration, in milliseconds. */
	readonly scrapeInterval: number;
	/** From when on samples count, in milliseconds. */
	readonly since: number;
}

/** Undefined if a person sees something; `excused` if there is nothing to see for a known reason. */
type Verdict = Omit<QueryFlaw, "where"> | "excused" | undefined;

/** Judges the result of a query, and asks again where what a person has chosen, or a comparison, may leave out everything. */
export async function judgeQuery(
	query: AskedQuery,
	result: QueryResult | undefined,
	request: PanelRequest,
	stack: QueriedStack,
): Promise<Verdict> {
	const { datasource, written, expression, widened, empty } = query;
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
	if (datasource.type === "loki") {
		const why = await stack.logs.whyNever(datasource, expression);
		const cause = why ?? (draws ? undefined : empty[0]?.why);
		if (!cause) return draws ? undefined : "excused";
		const what = `${by}${expression} ${draws ? "still draws" : "draws nothing"}`;
		return { what, cause, lasting: true };
	}
	const asked = { query, result, request, datasource };
	const verdict = await judgePromql(asked, expression, stack);
	if (!verdict || verdict === "excused") return verdict;
	// A dashboard of another operating system has no node to choose, and what it offers next depends on that.
	for (const { query } of empty)
		if (query && (await stack.live.isExcused(datasource, askedOf(query))))
			return "excused";
	const [nothing] = empty;
	if (nothing) {
		const lasting = verdict.lasting || nothing.query === undefined;
		return { ...verdict, cause: nothing.why, lasting };
	}
	if (widened === expression) return verdict;
	// The first namespace may have no Deployment, and the next one has.
	const wide = withExpression(request, query, widened);
	const again = (await stack.grafana.query(wide)).get(query.refId);
	return again
		? judgePromql({ ...asked, result: again }, widened, stack)
		: verdict;
}

async function judgePromql(
	{
		query,
		result,
		request,
		datasource,
	}: {
		readonly query: AskedQuery;
		readonly result: QueryResult;
		readonly request: PanelRequest;
		readonly datasource: Datasource;
	},
	expression: string,
	stack: QueriedStack,
): Promise<Verdict> {
	const by = `datasource ${datasource.name}: `;
	const draws =
		isFresh(query, result, stack) ||
		(await drawsNow(query, result, request, stack));
	const executed = executedExpression(result.executed) ?? expression;
	const missing = await stack.live.missing(datasource, executed);
	const seen = {
		datasource,
		written: query.written,
		executed,
		missing,
		leastStep: leastStepOf(request, query),
		scrapeInterval: stack.scrapeInterval,
		isRecorded: stack.live.isRecorded,
	};
	const narrow = narrowWindows(seen);
	if (missing.length === 0) {
		for (const { selector, window, needsTwo } of narrow) {
			if (draws && !needsTwo) continue;
			if (await stack.live.mayBeScarce(datasource, selector, window))
				return draws ? undefined : "excused";
			if (!draws || !(await stack.hasGaps(datasource, selector, window)))
				continue;
			const { what, cause } = explainGaps(seen, window);
			return { what: by + what, cause, lasting: false };
		}
		if (draws) return undefined;
		if (await stack.live.isExcused(datasource, executed)) return "excused";
		const ask = async (other: string) => {
			const asked = withExpression(request, query, other);
			return (await stack.grafana.query(asked)).get(query.refId);
		};
		const drawsBy = async (other: string) => {
			const again = await ask(other);
			return again !== undefined && isFresh(query, again, stack);
		};
		const whole = withoutFilters(executed);
		if (whole !== executed && (await drawsBy(whole))) return undefined;
		const recent = await leaveOutOldOffsets(
			whole,
			async (probe) => ((await ask(probe))?.rows ?? 0) > 0,
		);
		if (recent.leftOut.length > 0 && (await drawsBy(recent.expression))) {
			for (const { text, by } of recent.leftOut)
				stack.live.excuse(
					text,
					`datasource ${datasource.name} has nothing from ${by} ago yet, and the query draws without the offset`,
				);
			return "excused";
		}
	}
	if (draws)
		return {
			what: `${by}${executed} still draws`,
			cause: `there is no sample any more of ${missing.join(", ")}`,
			lasting: false,
		};
	const { what, cause } = explainNothing(seen);
	return {
		what: by + what,
		cause,
		lasting: narrow.length > 0,
	};
}

/** The PromQL in a variable's query: `up` of `label_values(up, job)`. */
function askedOf(query: string): string {
	return /^\w+\((.*?)(?:,\s*\w+\s*)?\)$/s.exec(query.trim())?.[1] ?? query;
}

/** Points are a whole number of intervals after 1970, so the newest one may be from before the test. */
function isFresh(
	{ intervalMs }: AskedQuery,
	{ rows, newest }: QueryResult,
	{ since }: QueriedStack,
): boolean {
	return rows > 0 && (newest === undefined || newest >= since - 2 * intervalMs);
}

/**
 * Whether a query has a result at this moment, where its points are further apart than scrapes: in a graph of a month, all
 * of them may be from before the stack was there.
 */
async function drawsNow(
	query: AskedQuery,
	{ executed }: QueryResult,
	request: PanelRequest,
	{ grafana, scrapeInterval }: QueriedStack,
): Promise<boolean> {
	const expression = executedExpression(executed);
	const now = clusterNow();
	if (
		expression === undefined ||
		executedStep(executed) <= scrapeInterval ||
		Number(request.body.to) < now
	)
		return false;
	const { queries, ...range } = withExpression(request, query, expression);
	const results = await grafana.query({
		...range,
		to: String(now),
		queries: queries.map((each) => ({ ...each, instant: true, range: false })),
	});
	return (results.get(query.refId)?.rows ?? 0) > 0;
}

function leastStepOf({ body }: PanelRequest, { refId }: AskedQuery): string {
	const { interval } = body.queries.find((each) => each.refId === refId) ?? {};
	return typeof interval === "string" ? interval : "";
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
