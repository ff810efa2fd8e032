import pLimit from "p-limit";
import { KubeError } from "../clients/kubernetes.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import { missingIn } from "../common/promql.ts";
import type { Excused } from "./absent.ts";
import { KnownMetrics } from "./known-metrics.ts";
import { type DashboardQuery, queriesOf } from "./queries.ts";
import {
	expressionOf,
	fillIn,
	resolveVariables,
	unfilled,
	type Values,
} from "./variables.ts";

/** What can be asked of the stack about a query. */
export type Asked = Pick<
	PrometheusClient,
	"evaluate" | "query" | "metricNames" | "ruleGroups"
>;

/** How many queries run at once. */
const atOnce = 8;

/** The queries of dashboards, against a stack that may have to be waited for. */
export class DashboardQueries {
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
				const expression = written && expressionOf(written);
				return type === "query" && expression
					? [{ panel: `variable ${name}`, expression }]
					: [];
			});
			return { ...read, pending: [...read.queries, ...ofVariables] };
		});
	}

	/** Titles of dashboards that ask others than Prometheus, and how many of their queries are not run for that. */
	get others(): string[] {
		return this.#dashboards.flatMap(({ title, others }) =>
			others > 0 ? [`${title} (${others})`] : [],
		);
	}

	/** How many there are in all, variables' own included. */
	get total(): number {
		return this.#dashboards.reduce(
			(sum, { queries, variables }) =>
				sum +
				queries.length +
				variables.filter(({ type }) => type === "query").length,
			0,
		);
	}

	/** Runs those that were wrong the last time. @returns what is wrong with each, a sentence */
	async run(stack: Asked): Promise<string[]> {
		const known = new KnownMetrics(
			...(await Promise.all([stack.metricNames(), stack.ruleGroups()])),
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
	values: Values,
	known: KnownMetrics,
	stack: Asked,
): Promise<string | undefined> {
	const filled = fillIn(expression, values);
	const [unknown] = unfilled(filled);
	if (unknown)
		return `${expression} names ${unknown}, which is no variable of the dashboard`;
	const missing = missingIn(filled, known);
	try {
		await stack.evaluate(filled);
		// Whatever it answers: `or vector(0)` does so, too.
		return missing.length > 0
			? `${filled} asks for what exists nowhere: ${missing.join(", ")}`
			: undefined;
	} catch (error) {
		if (error instanceof KubeError && !error.noAnswer)
			return `${filled}: ${error.message}`;
		throw error;
	}
}
