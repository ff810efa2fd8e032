import { memoize } from "es-toolkit";
import type { RuleGroup } from "../../clients/prometheus-schemas.ts";
import {
	matchersOf,
	missingIn,
	type Selector,
	selectorsIn,
} from "../../common/promql/expressions.ts";
import { matches } from "../../common/promql/matcher.ts";
import { relabelWith } from "../../common/relabelling/relabel.ts";
import { describeLoss } from "../losing-step.ts";
import { readMetricRelabelling } from "../series-labels.ts";
import type { LabelSources } from "./label-misfits.ts";
import { type Spacing, whyNoTwoSamples } from "./lonely-samples.ts";

/** "Alerts from Prometheus rules land here": those that a person is told of. */
const told = /^(critical|warning)$/;

/** What Prometheus stores. */
export interface StoredSeries extends Spacing {
	/** Whether Prometheus still gets samples of a selector. */
	readonly isStored: (selector: string) => Promise<boolean>;
}

/**
 * A sentence for each alert that cannot do without series that Prometheus never has: of a metric that relabelling drops
 * by its name, with a label that Prometheus only adds to what it sends on, or with two samples where it gets one. It never
 * fires, or always.
 */
export async function findDeafAlerts(
	groups: readonly RuleGroup[],
	sources: LabelSources,
	{ isStored, ...spacing }: StoredSeries,
): Promise<string[]> {
	const isKept = memoize(isStored);
	const whyDropped = memoize((metric: string) => whyDroppedIn(metric, sources));
	const whyNever = async (selector: Selector): Promise<string | undefined> => {
		const { metric } = selector;
		if (!metric) return undefined;
		const dropped = whyDropped(metric);
		if (dropped && !(await isKept(metric)))
			return `there is no sample of ${metric} (${dropped})`;
		for (const matcher of matchersOf(selector)) {
			const { label } = matcher;
			if (!sources.externalLabels.includes(label) || matches(matcher, ""))
				continue;
			if ((await isKept(metric)) && !(await isKept(`${metric}{${label}!=""}`)))
				return `no series of ${metric} has the label ${label}, which is an external one that Prometheus only adds to what it sends on`;
		}
		return undefined;
	};
	const alerts = groups.flatMap(({ name: group, rules }) =>
		rules
			.filter(
				({ type, labels }) =>
					type === "alerting" && told.test(labels.severity ?? ""),
			)
			.map(({ name, query }) => ({ name, query, group })),
	);
	const found: string[] = [];
	for (const { name, group, query } of alerts) {
		const never = new Map<string, string>();
		for (const selector of selectorsIn(query)) {
			const why =
				(await whyNever(selector)) ??
				(await whyNoTwoSamples(query, selector, spacing));
			if (why) never.set(selector.text, why);
		}
		const isThere = ({ text }: Selector) => !never.has(text);
		if (missingIn(query, { has: isThere, stores: isThere }).length > 0)
			found.push(
				`alert ${name} of ${group} reads what is never there: ${[...new Set(never.values())].join(", ")}`,
			);
	}
	return found;
}

/** Which pool drops every series of a metric, as a clause; undefined if none does. */
function whyDroppedIn(
	metric: string,
	{ targets, configs }: Pick<LabelSources, "targets" | "configs">,
): string | undefined {
	for (const pool of new Set(targets.map(({ scrapePool }) => scrapePool))) {
		const step = readMetricRelabelling(pool, configs).find(
			(each) =>
				each.action === "drop" &&
				each.source_labels.every((label) => label === "__name__") &&
				!relabelWith([each], { __name__: metric }),
		);
		if (step) return describeLoss(pool, step);
	}
	return undefined;
}
