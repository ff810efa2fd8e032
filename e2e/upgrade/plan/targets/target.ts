import { nameOf } from "../../../clients/kube-objects.ts";
import type { LabelMatcher } from "../../../common/promql/expressions.ts";
import { asObject } from "../charts/fields.ts";
import type { Pods } from "./discovered.ts";
import { anchored, type Labels, relabel } from "./relabel.ts";

/** What Prometheus scrapes, as far as the chart says. */
export interface ScrapedTarget {
	/** What makes Prometheus scrape it: a monitor, or the name of a job of the person's own. */
	readonly owner: string;
	/** The same for the same target on both sides. */
	readonly key: string;
	/** How a monitor calls the port; undefined for a job, which takes any. */
	readonly port: string | undefined;
	/** The number of the port that relabelling writes into its address, such as that of an annotation; undefined if it writes none. */
	readonly writtenPort?: number | undefined;
	/** Whether relabelling writes the path, such as that of an annotation. */
	readonly isPathWritten?: boolean | undefined;
	/** What is scraped, for messages. */
	readonly scraped: string;
	/** undefined where the chart does not tell. */
	readonly labels: Labels;
	readonly path: string;
	/** The pods behind it, if the chart has them. */
	readonly pods: Pods | undefined;
	readonly metricRelabelings: readonly unknown[];
	/** Labels of the target that those of its samples replace, if they have them. */
	readonly keptFromSamples: RegExp | undefined;
	/** Collectors of node-exporter that told of the node on the old side, and now tell of their container. */
	readonly blindTo?: readonly string[] | undefined;
}

/** Whether two sides scrape the same: the same Service or workload, or the same pods behind a Service of another name. */
export function isSameScraped(old: ScrapedTarget, now: ScrapedTarget): boolean {
	if (now.scraped === old.scraped) return true;
	const pods = old.pods && nameOf(old.pods.workload);
	return (
		now.owner === old.owner &&
		pods !== undefined &&
		now.pods !== undefined &&
		nameOf(now.pods.workload) === pods
	);
}

/** Metrics that Prometheus itself makes for each target. */
export function isOfScrape(metric: string): boolean {
	return /^(up|scrape_\w+)$/.test(metric);
}

/**
 * Whether Prometheus stores series of a metric that satisfy matchers, after it has relabelled those of a target. A label
 * that is not known may have any value.
 */
export function stores(
	target: ScrapedTarget,
	metric: string,
	matchers: readonly LabelMatcher[] = [],
): boolean {
	if (isOfScrape(metric) || target.metricRelabelings.length === 0) return true;
	const written = new Set(
		target.metricRelabelings.map((each) =>
			String(asObject(each).targetLabel ?? asObject(each).target_label ?? ""),
		),
	);
	// What a matcher asks for is also what a series has before, unless a rule writes that label.
	const asked = matchers
		.filter(({ label }) => !written.has(label))
		.map(({ label, operator, value }): [string, string | undefined] => [
			label,
			operator === "=" && value !== "" && !value.includes("$")
				? value
				: undefined,
		]);
	const known = Object.entries(target.labels).filter(
		([label]) =>
			!label.startsWith("__") && !target.keptFromSamples?.test(label),
	);
	const before: Labels = {
		...Object.fromEntries([
			...matchers.map(({ label }): [string, undefined] => [label, undefined]),
			...asked,
			...known,
		]),
		__name__: metric,
	};
	const after = relabel(target.metricRelabelings, before, () => false);
	if (!after) return false;
	const name = "__name__" in after ? after.__name__ : "";
	return (
		(name === undefined || name === metric) &&
		matchers.every((each) => {
			const own = each.label in after ? after[each.label] : "";
			return own === undefined || satisfies(own, each);
		})
	);
}

export type Match = "surely" | "perhaps" | "never";

/** Whether the labels of a target's samples satisfy matchers; a label or a value that is not known may. */
export function matchOf(
	{ labels, keptFromSamples }: ScrapedTarget,
	metric: string,
	matchers: readonly LabelMatcher[],
): Match {
	const found = matchers.map((each): Match => {
		const own =
			!isOfScrape(metric) && keptFromSamples?.test(each.label)
				? undefined
				: labels[each.label];
		if (own === undefined) return admitsAnything(each) ? "surely" : "perhaps";
		return satisfies(own, each) ? "surely" : "never";
	});
	return (
		(["never", "perhaps"] as const).find((each) => found.includes(each)) ??
		"surely"
	);
}

/** Whether nearly any value satisfies a matcher, as with `!=`, `=~".+"` and the variables that dashboards fill in. */
function admitsAnything(matcher: LabelMatcher): boolean {
	const { label, operator, value } = matcher;
	// The instances of pods are addresses, which a pattern such as 10.* may mean.
	if (label === "instance" && operator === "=~" && /^\W*\d/.test(value))
		return true;
	return satisfies("(some value)", matcher);
}

/** Whether a label of this value satisfies a matcher. */
export function satisfies(
	own: string,
	{ operator, value }: LabelMatcher,
): boolean {
	// Dashboards fill in variables.
	if (/\$/.test(value)) return true;
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
}

/**
 * Targets with the labels that they had before and no longer have as empty ones: what selected by them finds nothing.
 * Any other label that a target does not have may be one of its samples'.
 */
export function withLostLabels(
	before: readonly ScrapedTarget[],
	after: readonly ScrapedTarget[],
): ScrapedTarget[] {
	const old = new Map(before.map((each) => [each.key, each.labels]));
	return after.map((each) => ({
		...each,
		labels: {
			...Object.fromEntries(
				Object.entries(old.get(each.key) ?? {})
					.filter(([name, value]) => !name.startsWith("__") && value)
					.map(([name]) => [name, ""]),
			),
			...each.labels,
		},
	}));
}
