import pLimit from "p-limit";
import type { Datasource, GrafanaClient } from "../../clients/grafana.ts";
import { PrometheusClient } from "../../clients/prometheus.ts";
import type { Rule } from "../../clients/prometheus-schemas.ts";
import { missingIn, type Selector, selectorsIn } from "../../common/promql.ts";
import type { Excused } from "./excused.ts";

/** How many selectors are asked for at once. */
const atOnce = 8;

/** From when on a sample counts, in milliseconds. */
export interface Since {
	/** Of what is scraped. Older samples may be left over from before a change of the stack. */
	readonly scraped: number;
	/** Of what a rule records, which may have a long interval. */
	readonly recorded: number;
}

/** A selector may be used by a dashboard if it is live or excused. */
type State = "live" | "excused" | "missing";

/** Counts the series of a selector with a sample since a moment. */
export type CountSeries = (
	datasource: Pick<Datasource, "uid">,
	selector: Selector,
	since: number,
) => Promise<number>;

/** Counts through Grafana, because a datasource may add or remove labels. */
export function countThrough(grafana: GrafanaClient): CountSeries {
	const limit = pLimit(atOnce);
	return (datasource, { text }, since) => {
		const client = new PrometheusClient(grafana.through(datasource));
		return limit(() => client.countSince(text, since));
	};
}

/**
 * Which selectors have series that the stack still gets. What a rule records has to have come lately, and what the rule
 * itself selects has to be live: a rate over five minutes is recorded for five minutes after its last sample.
 */
export class LiveSeries {
	readonly #rules: readonly Pick<Rule, "type" | "name" | "query">[];
	readonly #excused: Excused;
	readonly #count: CountSeries;
	readonly #since: Since;
	readonly #counts = new Map<string, Promise<number>>();
	readonly #reasons = new Map<string, string>();

	constructor(
		rules: readonly Pick<Rule, "type" | "name" | "query">[],
		excused: Excused,
		count: CountSeries,
		since: Since,
	) {
		this.#rules = rules.filter(({ type }) => type === "recording");
		this.#excused = excused;
		this.#count = count;
		this.#since = since;
	}

	/** Why selectors may be absent, by their metrics, of those that were looked for and are. */
	get excuses(): ReadonlyMap<string, string> {
		return this.#reasons;
	}

	/** The selectors that an expression needs and that are neither live nor excused. */
	async missing(
		datasource: Pick<Datasource, "uid">,
		expression: string,
	): Promise<string[]> {
		const states = await this.#look(datasource, expression, []);
		return missingIn(expression, {
			has: ({ text }) => states.get(text) !== "missing",
			stores: ({ text }) => states.get(text) === "live",
		});
	}

	/**
	 * Whether an expression selects something that may be absent. An alert that fired since the test began, and does not
	 * any more, has samples that a panel about now does not show.
	 */
	async isExcused(
		datasource: Pick<Datasource, "uid">,
		expression: string,
	): Promise<boolean> {
		const states = await this.#look(datasource, expression, []);
		return (
			[...states.values()].includes("excused") ||
			selectorsIn(expression).some((each) => this.#reasonFor(each))
		);
	}

	/** Whether a selector may have too few samples in a range (milliseconds). */
	mayBeScarce = (selector: Selector, window: number): boolean => {
		return this.#reasonFor(selector, window) !== undefined;
	};

	/** Whether a rule records it. */
	isRecorded = ({ metric }: Pick<Selector, "metric">): boolean =>
		this.#rules.some(({ name }) => name === metric);

	#reasonFor(selector: Selector, window?: number): string | undefined {
		const reason = this.#excused(selector, window);
		if (reason) this.#reasons.set(selector.metric, reason);
		return reason;
	}

	async #look(
		datasource: Pick<Datasource, "uid">,
		expression: string,
		visited: readonly string[],
	): Promise<ReadonlyMap<string, State>> {
		const named = selectorsIn(expression).filter(({ metric }) => metric);
		return new Map(
			await Promise.all(
				named.map(
					async (selector): Promise<[string, State]> => [
						selector.text,
						await this.#stateOf(datasource, selector, visited),
					],
				),
			),
		);
	}

	async #stateOf(
		datasource: Pick<Datasource, "uid">,
		selector: Selector,
		visited: readonly string[],
	): Promise<State> {
		const { metric } = selector;
		const rules = this.#rules.filter(({ name }) => name === metric);
		const isStored = await this.#isStored(
			datasource,
			selector,
			rules.length > 0,
		);
		const states = visited.includes(metric)
			? []
			: await Promise.all(
					rules.map(({ query }) =>
						this.#look(datasource, query, [...visited, metric]),
					),
				);
		const isLive = rules.some(({ query }, i) => {
			const state = states[i];
			return (
				missingIn(query, {
					has: ({ text }) => state?.get(text) !== "missing",
					stores: ({ text }) => state?.get(text) === "live",
				}).length === 0
			);
		});
		if (isStored && (rules.length === 0 || isLive)) return "live";
		const reason = this.#reasonFor(selector);
		// Without its source the rule has nothing to record.
		return reason ||
			states.some((each) => [...each.values()].includes("excused"))
			? "excused"
			: "missing";
	}

	async #isStored(
		datasource: Pick<Datasource, "uid">,
		selector: Selector,
		isRecorded: boolean,
	): Promise<boolean> {
		// Many queries have the same selectors.
		const key = `${datasource.uid} ${selector.text}`;
		const { scraped, recorded } = this.#since;
		const counted =
			this.#counts.get(key) ??
			this.#count(datasource, selector, isRecorded ? recorded : scraped);
		this.#counts.set(key, counted);
		return (await counted) > 0;
	}
}
