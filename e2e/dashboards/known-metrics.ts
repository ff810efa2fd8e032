import type { RuleGroup } from "../clients/prometheus-schemas.ts";
import { metricsIn } from "../common/promql.ts";
import type { Excused } from "./excused-metrics.ts";

/** The metrics that a stack has, or is excused from having. */
export class KnownMetrics {
	readonly #names: ReadonlySet<string>;
	readonly #excused: Excused;
	/** The metrics in the expressions of the rules that record a metric, by its name. */
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
			const sources = this.#recorded.get(name) ?? [];
			this.#recorded.set(name, [...sources, ...metricsIn(query)]);
		}
	}

	/** Whether a dashboard may use it: it is stored, or absent for a known reason. */
	has = (metric: string): boolean =>
		this.stores(metric) || this.#isExcused(metric);

	stores = (metric: string): boolean => this.#names.has(metric);

	/** A recorded metric is excused if one of its sources is: without it the rule has nothing to record. */
	#isExcused(metric: string, visited: readonly string[] = []): boolean {
		if (this.#names.has(metric) || visited.includes(metric)) return false;
		if (this.#excused(metric)) return true;
		const sources = this.#recorded.get(metric) ?? [];
		return sources.some((each) => this.#isExcused(each, [...visited, metric]));
	}
}
