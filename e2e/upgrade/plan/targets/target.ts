import type { LabelMatcher } from "../../../common/promql/expressions.ts";
import type { Pods } from "./discovered.ts";
import { anchored, type Labels, relabel } from "./relabel.ts";

/** What Prometheus scrapes, as far as the chart says. */
export interface ScrapedTarget {
	/** What makes Prometheus scrape it: a monitor, or the name of a job of the person's own. */
	readonly owner: string;
	/** The same for the same target on both sides. */
	readonly key: string;
	/** What is scraped, for messages. */
	readonly scraped: string;
	/** undefined where the chart does not tell. */
	readonly labels: Labels;
	readonly path: string;
	/** The pods behind it, if the chart has them. */
	readonly pods: Pods | undefined;
	readonly metricRelabelings: readonly unknown[];
}

/** Whether Prometheus stores a metric of a target after relabelling it. */
export function stores(target: ScrapedTarget, metric: string): boolean {
	return (
		relabel(
			target.metricRelabelings,
			{ __name__: metric },
			(label) => label === "__name__",
		) !== undefined
	);
}

/** Whether a target's labels may satisfy matchers; a label or a value that is not known may. */
export function mayMatch(
	{ labels }: ScrapedTarget,
	matchers: readonly LabelMatcher[],
): boolean {
	return matchers.every(({ label, operator, value }) => {
		const own = labels[label];
		// Dashboards fill in variables.
		if (own === undefined || /\$/.test(value)) return true;
		const pattern = anchored(value);
		switch (operator) {
			case "=":
				return own === value;
			case "!=":
				return own !== value;
			case "=~":
				return pattern?.test(own) ?? true;
			case "!~":
				return !(pattern?.test(own) ?? false);
			default:
				return true;
		}
	});
}
