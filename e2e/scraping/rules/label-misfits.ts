import { isEqual } from "es-toolkit";
import type {
	ActiveTarget,
	ScrapeConfig,
} from "../../clients/prometheus-schemas.ts";
import { GoRegex } from "../../common/go-regex.ts";
import {
	type LabelMatcher,
	matchersOf,
	type Selector,
	withoutMatchers,
} from "../../common/promql/expressions.ts";
import { matches } from "../../common/promql/matcher.ts";
import {
	describeStep,
	type RelabelStep,
	relabelWith,
} from "../../common/relabelling/relabel.ts";
import { readMetricRelabelling } from "../series-labels.ts";

/** The labels of the series that an expression yields now. */
export type FindSeries = (
	expression: string,
) => Promise<readonly Readonly<Record<string, string>>[]>;

type Target = Pick<ActiveTarget, "labels" | "discoveredLabels" | "scrapePool">;

/** What Prometheus scrapes, and the labels that it adds and takes away. */
export interface LabelSources {
	readonly targets: readonly Target[];
	readonly configs: readonly ScrapeConfig[];
	/** Names of those that Prometheus adds to what it sends on, and not to its own series. */
	readonly externalLabels: readonly string[];
}

/** Labels that say of which target a series is, whatever it is about. */
export const ofTarget = ["job", "metrics_path", "endpoint"];

/**
 * Why a selector selects nothing although its metric has series, as a clause: one of its labels is never there, or has
 * another value than the rule asks for. Undefined if there may just be nothing of this kind.
 *
 * @param find the labels of an expression's series
 */
export async function whyMisfit(
	selector: Selector,
	sources: LabelSources,
	find: FindSeries,
): Promise<string | undefined> {
	// Without a name and its other conditions, a selector selects everything.
	if (!selector.metric) return undefined;
	const jobs = (await find(`group by (job) (${selector.metric})`)).map(
		({ job = "" }) => job,
	);
	const suspects = matchersOf(selector)
		// Series without the label do not fulfil it.
		.filter((matcher) => !matches(matcher, ""))
		.flatMap((matcher) => {
			const cause = explain(matcher, selector.metric, sources, jobs);
			return cause ? [{ matcher, cause }] : [];
		});
	// One is often enough to blame.
	for (const blamed of [...suspects.map((each) => [each]), suspects]) {
		const { text: rest } = withoutMatchers(selector, (_, own) =>
			blamed.some(({ matcher }) => isEqual(matcher, own)),
		);
		if (blamed.length > 0 && (await find(`count(${rest})`)).length > 0)
			return `no series matches ${selector.text}, but some match ${rest}: ${blamed.map(({ cause }) => cause).join(", and ")}`;
	}
	return undefined;
}

/** @param jobs those of all series of the metric */
function explain(
	matcher: LabelMatcher,
	metric: string,
	{ targets, configs, externalLabels }: LabelSources,
	jobs: readonly string[],
): string | undefined {
	const { label } = matcher;
	if (externalLabels.includes(label))
		return `${label} is an external label, which Prometheus only adds to what it sends on`;
	/** Of its series of the metric. */
	const valueOn = (target: Target, name: string) => {
		const steps = readMetricRelabelling(target.scrapePool, configs);
		const after = relabelWith(steps, { ...target.labels, __name__: metric });
		return (after ?? target.labels)[name] ?? "";
	};
	const pools = targets
		.filter((target) => jobs.includes(valueOn(target, "job")))
		.map(({ scrapePool }) => scrapePool);
	for (const pool of new Set(pools)) {
		const step = readMetricRelabelling(pool, configs).find((each) =>
			takesAway(each, label),
		);
		if (step)
			return `metric relabelling of ${pool} takes the label ${label} away (${describeStep(step)})`;
	}
	if (!ofTarget.includes(label) || matcher.operator.startsWith("!"))
		return undefined;
	const here = targets.find(
		(target) =>
			Object.values(target.discoveredLabels).some((each) =>
				matches(matcher, each),
			) && !matches(matcher, valueOn(target, label)),
	);
	return here
		? `the targets of ${here.scrapePool} were discovered with this value, and their series have ${label}=${JSON.stringify(valueOn(here, label))}`
		: undefined;
}

function takesAway({ action, regex }: RelabelStep, label: string): boolean {
	const isMet = GoRegex.whole(regex).test(label);
	return action === "labeldrop" ? isMet : action === "labelkeep" && !isMet;
}
