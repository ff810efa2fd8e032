import { groupBy } from "es-toolkit";
import { matches } from "../common/promql/matcher.ts";
import { examplesForStep } from "../common/relabelling/examples.ts";
import {
	describeOrigins,
	traceLabels,
} from "../common/relabelling/label-origins.ts";
import {
	describeStep,
	type RelabelStep,
} from "../common/relabelling/relabel.ts";
import {
	type AlertLabels,
	decisiveValues,
	findUnclear,
	formatMatchers,
	type Matcher,
} from "./matchers.ts";
import { findLabelsBefore } from "./relabelling/labels-before.ts";

/** What a rule sets itself. */
const ofRules = ["alertname", "severity"];

/** So many remainders of a hash are tried, besides those that a step names. */
const mostRemainders = 16;

/** That none of so many hashes leaves a certain remainder is as unlikely as one in three thousand. */
const namesForRemainder = 8;

/**
 * The sets of labels, besides a rule's own, for which matchers or relabelling make an exception. Where they decide by
 * what relabelling has made of other labels, such as a copy or a hash, those have the values that make it so.
 *
 * @param conditions lists of matchers, as of a route or of a side of an inhibition rule
 * @param relabelling what alerts pass before the matchers: one list for each Alertmanager
 */
export function makeContexts(
	conditions: readonly (readonly Matcher[])[],
	relabelling: readonly (readonly RelabelStep[])[],
): AlertLabels[] {
	const after = conditions.flatMap(contextsAround);
	const paths = relabelling.length > 0 ? relabelling : [[]];
	const all = [
		{},
		{ namespace: "any-namespace" },
		...paths.flatMap((steps) => [
			...after.flatMap((labels) => [
				labels,
				...findLabelsBefore(steps, labels),
			]),
			...steps.flatMap((_, at) => contextsFor(steps, at)),
		]),
	].map((labels) =>
		Object.fromEntries(
			Object.entries(labels)
				.filter(([name, value]) => value !== "" && !ofRules.includes(name))
				.sort(),
		),
	);
	return [...new Map(all.map((each) => [JSON.stringify(each), each])).values()];
}

/** Names for alerts of any rule: several where relabelling decides by a hash of the name, so that each remainder is met. */
export function makeAnyNames(
	relabelling: readonly (readonly RelabelStep[])[],
): string[] {
	const remainders = relabelling
		.flatMap((steps) => traceLabels(steps))
		.filter(
			({ rule, origins }) =>
				rule.action === "hashmod" && origins.includes("alertname"),
		)
		.map(({ rule }) => Math.min(rule.modulus ?? 1, mostRemainders));
	const most = Math.max(0, ...remainders) * namesForRemainder;
	return ["AnyAlert", ...Array.from({ length: most }, (_, i) => `Any${i}`)];
}

/** The conditions of which no context could be made: a sentence each. */
export function findUntried(
	conditions: readonly (readonly Matcher[])[],
	relabelling: readonly (readonly RelabelStep[])[],
): string[] {
	const unclear = [
		...conditions
			.flatMap(findUnclear)
			.map((each) => `which alerts have ${formatMatchers([each])}`),
		...relabelling.flatMap((steps) =>
			traceLabels(steps)
				.filter(
					// Every loaded rule is tried.
					({ origins }, at) =>
						origins.some((label) => !ofRules.includes(label)) &&
						contextsFor(steps, at).length === 0,
				)
				.map(
					(each) =>
						`which alerts meet ${describeStep(each.rule)}${describeOrigins(each)}`,
				),
		),
	];
	return [...new Set(unclear)].map(
		(each) => `not tried: ${each}, because no example of them could be made`,
	);
}

/** The alerts on which a step decides, as they are before any step. */
function contextsFor(steps: readonly RelabelStep[], at: number): AlertLabels[] {
	const step = steps[at];
	if (!step) return [];
	// Which remainder a later step wants is a matter of its regular expression, and another may be left out by it.
	if (step.action === "hashmod")
		return Array.from(
			{ length: Math.min(step.modulus ?? 1, mostRemainders) },
			(_, remainder) => ({ [step.target_label]: String(remainder) }),
		).flatMap((labels) => findLabelsBefore(steps.slice(0, at + 1), labels));
	return examplesForStep(step).flatMap((labels) =>
		findLabelsBefore(steps.slice(0, at), labels),
	);
}

/** Each value on which a list of matchers decides, beside values of the other labels that they want. */
function contextsAround(matchers: readonly Matcher[]): AlertLabels[] {
	const others = matchers.filter(({ label }) => !ofRules.includes(label));
	const labels = Object.entries(groupBy(others, ({ label }) => label)).map(
		([label, own]) => {
			const values = own.flatMap(decisiveValues);
			const wanted = values.find((value) =>
				own.every((each) => matches(each, value)),
			);
			return { label, values, wanted: wanted ?? "" };
		},
	);
	const usual = Object.fromEntries(
		labels.map(({ label, wanted }) => [label, wanted]),
	);
	return labels.flatMap(({ label, values }) =>
		values.map((value) => ({ ...usual, [label]: value })),
	);
}
