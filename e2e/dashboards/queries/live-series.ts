import type { Datasource } from "../../clients/grafana.ts";
import type { Rule, RuleGroup } from "../../clients/prometheus-schemas.ts";
import { formatDuration } from "../../common/duration.ts";
import {
	missingIn,
	type Selector,
	selectorsIn,
} from "../../common/promql/expressions.ts";
import { isSlow } from "../../scraping/rules/loaded-groups.ts";
import { absentApplications, type Here } from "./absent-application.ts";
import type { CountSeries, Since } from "./count-series.ts";
import { type Excuse, type FindExcuses, namespacesOf } from "./excused.ts";
import type { LeftOut } from "./left-out.ts";
import type { Presence } from "./presence.ts";

/** A selector may be used by a dashboard if it is live or excused. */
type State = "live" | "excused" | "missing";

/** Rules that are evaluated together. */
type Group = Pick<RuleGroup, "interval"> & {
	readonly rules: readonly Pick<Rule, "type" | "name" | "query">[];
};

/** A recording rule, with the interval of its group in seconds. */
type Recording = Pick<Rule, "query"> & Pick<RuleGroup, "interval">;

/**
 * Which selectors have series that the stack still gets. What a rule records has to have come lately, and what the rule
 * itself selects has to be live: a rate over five minutes is recorded for five minutes after its last sample.
 */
export class LiveSeries {
	/** By what they record. */
	readonly #rules: ReadonlyMap<string, readonly Recording[]>;
	readonly #excuses: FindExcuses;
	readonly #count: CountSeries;
	readonly #since: Since;
	readonly #here: Here & Presence & LeftOut;
	readonly #counts = new Map<string, Promise<number>>();
	readonly #reasons = new Map<string, string>();
	readonly #withheld = new Map<string, string>();

	constructor(
		groups: readonly Group[],
		excuses: FindExcuses,
		count: CountSeries,
		since: Since,
		here: Here & Presence & LeftOut,
	) {
		this.#rules = Map.groupBy(
			groups.flatMap(({ interval, rules }) =>
				rules
					.filter(({ type }) => type === "recording")
					.map(({ name, query }) => ({ name, query, interval })),
			),
			({ name }) => name,
		);
		this.#excuses = excuses;
		this.#count = count;
		this.#since = since;
		this.#here = here;
	}

	/** Why selectors may be absent, by their metrics, of those that were looked for and are; and what else was noted. */
	get excuses(): ReadonlyMap<string, string> {
		return this.#reasons;
	}

	/** Notes why something may be absent. @param what e.g. a metric */
	excuse(what: string, reason: string): void {
		this.#reasons.set(what, reason);
	}

	/** The selectors that an expression needs and that are neither live nor excused, with the setting that keeps them away. */
	async missing(
		datasource: Pick<Datasource, "uid">,
		expression: string,
	): Promise<string[]> {
		const states = await this.#look(datasource, expression, []);
		const missing = missingIn(expression, {
			has: ({ text }) => states.get(text) !== "missing",
			stores: ({ text }) => states.get(text) === "live",
		});
		const selectors = selectorsIn(expression);
		return missing.map((text) => {
			const selector = selectors.find((each) => each.text === text);
			const why = this.#withheld.get(selector?.metric ?? "");
			return why ? `${text} (${why})` : text;
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
		if ([...states.values()].includes("excused")) return true;
		for (const each of selectorsIn(expression))
			if (await this.#isListed(datasource, each, [])) return true;
		return false;
	}

	/** Whether a selector may have too few samples in a range (milliseconds). */
	mayBeScarce(
		datasource: Pick<Datasource, "uid">,
		selector: Selector,
		window: number,
	): Promise<boolean> {
		return this.#isListed(datasource, selector, [], window);
	}

	/** Whether a rule records it. */
	isRecorded = ({ metric }: Pick<Selector, "metric">): boolean =>
		this.#rules.has(metric);

	async #isListed(
		datasource: Pick<Datasource, "uid">,
		selector: Selector,
		visited: readonly string[],
		window?: number,
	): Promise<boolean> {
		for (const excuse of this.#excuses(selector, window)) {
			const { reason, whole } = excuse;
			const state = whole && (await this.#stateOf(datasource, whole, visited));
			if (state === "missing") continue;
			if (!(await this.#isNothingThere(datasource, selector, excuse))) continue;
			this.excuse(selector.metric, reason);
			return true;
		}
		return false;
	}

	/** Whether it is absent because of what there is, as an excuse says, and not because a setting keeps it away. */
	async #isNothingThere(
		datasource: Pick<Datasource, "uid">,
		selector: Selector,
		{ witness, kind }: Excuse,
	): Promise<boolean> {
		if (!witness && !kind) return true;
		const { hasObject, whyWithheld } = this.#here;
		const withheld = whyWithheld(selector.metric);
		if (withheld) this.#withheld.set(selector.metric, withheld);
		if (withheld) return false;
		if (kind && (await hasObject(kind, namespacesOf(selector)))) return false;
		return !witness || this.#isStored(datasource, witness, false);
	}

	/** Whether it is about an application that is not here, or is left out on purpose. */
	async #isElsewhere(
		datasource: Pick<Datasource, "uid">,
		selector: Selector,
	): Promise<boolean> {
		const leftOut = this.#here.whyOnPurpose(selector);
		if (leftOut) this.excuse(selector.metric, leftOut);
		if (leftOut) return true;
		for (const { reason, witness, hasSeries } of absentApplications(
			selector,
			this.#here,
		)) {
			if ((await this.#isStored(datasource, witness, false)) !== hasSeries)
				continue;
			this.excuse(selector.metric, reason);
			return true;
		}
		return false;
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
		const rules = this.#rules.get(metric) ?? [];
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
		const [slow] = rules.filter(isSlow);
		if (isLive && slow) {
			const every = formatDuration(slow.interval * 1000);
			this.excuse(
				metric,
				`it is recorded every ${every}, which the test does not wait for`,
			);
			return "excused";
		}
		// Without its source the rule has nothing to record.
		return states.some((each) => [...each.values()].includes("excused")) ||
			(await this.#isListed(datasource, selector, visited)) ||
			(rules.length === 0 && (await this.#isElsewhere(datasource, selector)))
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
