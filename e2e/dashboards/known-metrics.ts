import type { RuleGroup } from "../clients/prometheus-schemas.ts";
import { metricsIn } from "../common/promql.ts";
import type { Excused } from "./absent.ts";

/** The metrics that a stack has, or need not have. */
export class KnownMetrics {
	readonly #names: ReadonlySet<string>;
	readonly #excused: Excused;
	/** What each recorded metric is made of: the metrics of all rules that record it. */
	readonly #recorded = new Map<string, string[]>();

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
			this.#recorded.set(name, [...made, ...metricsIn(query)]);
		}
	}

	/** Whether a dashboard may ask for it: it is stored, or absent for a reason. */
	has = (metric: string): boolean =>
		this.stores(metric) || this.#isExcused(metric);

	stores = (metric: string): boolean => this.#names.has(metric);

	/** A recorded metric is excused by what it is made of: a rule has nothing to record of what is absent. */
	#isExcused(metric: string, asked: readonly string[] = []): boolean {
		if (this.#names.has(metric) || asked.includes(metric)) return false;
		if (this.#excused(metric)) return true;
		const made = this.#recorded.get(metric) ?? [];
		return made.some((each) => this.#isExcused(each, [...asked, metric]));
	}
}
