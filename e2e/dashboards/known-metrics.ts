import type { RuleGroup } from "../clients/prometheus-schemas.ts";
import { metricsIn } from "../upgrade/plan/promql.ts";
import type { Excused } from "./absent.ts";

/** The metrics that a stack has, or would have if there were something to tell. */
export class KnownMetrics {
	readonly #names: ReadonlySet<string>;
	readonly #excused: Excused;
	/** What each recorded metric is made of: the metrics of every rule that records it. */
	readonly #recorded = new Map<string, string[][]>();

	constructor(
		names: readonly string[],
		groups: readonly RuleGroup[],
		excused: Excused,
	) {
		this.#names = new Set(names);
		this.#excused = excused;
		for (const { type, name, query } of groups.flatMap(({ rules }) => rules)) {
			if (type !== "recording") continue;
			const made = this.#recorded.get(name) ?? [];
			this.#recorded.set(name, [...made, metricsIn(query)]);
		}
	}

	/**
	 * What exists nowhere of a metric: itself, or where a rule records it, what the rule asks for in vain. Nothing where
	 * the rule asks for what exists, or is excused: it has nothing to record yet, which says nothing of the dashboard.
	 */
	missing(metric: string, asked: readonly string[] = []): string[] {
		if (this.#names.has(metric) || this.#excused(metric)) return [];
		const rules = this.#recorded.get(metric);
		if (!rules || asked.includes(metric)) return [metric];
		const missing = rules.map((made) =>
			made.flatMap((each) => this.missing(each, [...asked, metric])),
		);
		return missing.some(({ length }) => length === 0) ? [] : missing.flat();
	}
}
