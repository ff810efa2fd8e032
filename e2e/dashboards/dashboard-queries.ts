import pLimit from "p-limit";
import { KubeError } from "../clients/api-server/api-server.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import { missingIn } from "../common/promql.ts";
import type { Excused } from "./excused-metrics.ts";
import { freshnessOf } from "./fresh.ts";
import { KnownMetrics } from "./known-metrics.ts";
import { type DashboardQuery, queriesOf } from "./queries.ts";
import {
	fillIn,
	findUnfilled,
	promqlOfVariable,
	resolveVariables,
	type VariableValues,
} from "./variables.ts";

/** The part of Prometheus' API that is needed to check a query. */
export type QueriedPrometheus = Pick<
	PrometheusClient,
	"evaluate" | "query" | "metricNames" | "ruleGroups" | "config"
>;

/** How many queries run at once. */
const atOnce = 8;

/** The queries of dashboards, run again and again against a stack that may not be ready yet. */
export class DashboardQueries {
	/** `pending` are the queries that have not been right yet. */
	readonly #dashboards: readonly (ReturnType<typeof queriesOf> & {
		pending: DashboardQuery[];
	})[];
	readonly #excused: Excused;

	/** @param dashboards their models */
	constructor(dashboards: readonly unknown[], excused: Excused) {
		this.#excused = excused;
		this.#dashboards = dashboards.map((each) => {
			const read = queriesOf(each);
			const ofVariables = read.variables.flatMap(({ name, type, query }) => {
				const written = typeof query === "string" ? query : query?.query;
				const expression = written && promqlOfVariable(written);
				return type === "query" && expression
					? [{ panel: `variable ${name}`, expression }]
					: [];
			});
			return { ...read, pending: [...read.queries, ...ofVariables] };
		});
	}

	/** Titles of dashboards with queries that do not go to Prometheus and are not run, and how many they are. */
	get unchecked(): string[] {
		return this.#dashboards.flatMap(({ title, others }) =>
			others > 0 ? [`${title} (${others})`] : [],
		);
	}

	/** How many queries there are, those of variables included. */
	get total(): number {
		return this.#dashboards.reduce(
			(sum, { queries, variables }) =>
				sum +
				queries.length +
				variables.filter(({ type }) => type === "query").length,
			0,
		);
	}

	/** Runs those that were wrong the last time. @returns a sentence for each that is still wrong */
	async run(stack: QueriedPrometheus): Promise<string[]> {
		const groups = await stack.ruleGroups();
		// A kept cluster still has the samples of metrics that were dropped since.
		const since = Date.now() - freshnessOf(await stack.config(), groups);
		const known = new KnownMetrics(
			await stack.metricNames(since),
			groups,
			this.#excused,
		);
		const limit = pLimit(atOnce);
		const flaws: string[] = [];
		for (const dashboard of this.#dashboards) {
			const { title, variables, pending } = dashboard;
			if (pending.length === 0) continue;
			const values = await resolveVariables(variables, (expression) =>
				stack.query(expression),
			);
			const wrong = await limit.map(pending, async (query) => ({
				query,
				flaw: await whatIsWrong(query, values, known, stack),
			}));
			dashboard.pending = wrong.flatMap(({ query, flaw }) =>
				flaw ? [query] : [],
			);
			for (const { query, flaw } of wrong)
				if (flaw) flaws.push(`${title}, ${query.panel}: ${flaw}`);
		}
		return flaws;
	}
}

async function whatIsWrong(
	{ expression }: DashboardQuery,
	values: VariableValues,
	known: KnownMetrics,
	stack: QueriedPrometheus,
): Promise<string | undefined> {
	const filled = fillIn(expression, values);
	const [unknown] = findUnfilled(filled);
	if (unknown)
		return `${expression} uses ${unknown}, which is not a variable of the dashboard`;
	const missing = missingIn(filled, known);
	try {
		await stack.evaluate(filled);
		// Whatever the answer is: `or vector(0)` always has one.
		return missing.length > 0
			? `${filled} uses metrics that do not exist: ${missing.join(", ")}`
			: undefined;
	} catch (error) {
		if (error instanceof KubeError && !error.noAnswer)
			return `${filled}: ${error.message}`;
		throw error;
	}
}
