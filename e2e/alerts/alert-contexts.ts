import { groupBy } from "es-toolkit";
import { describeStep, type RelabelStep } from "../common/relabelling.ts";
import { examplesForStep } from "./alert-relabelling.ts";
import {
	type AlertLabels,
	decisiveValues,
	findUnclear,
	formatMatchers,
	type Matcher,
	matches,
} from "./matchers.ts";

/** What a rule sets itself. */
const ofRules = ["alertname", "severity"];

/**
 * The sets of labels, besides a rule's own, for which matchers or relabelling make an exception.
 *
 * @param conditions lists of matchers, as of a route or of a side of an inhibition rule
 */
export function makeContexts(
	conditions: readonly (readonly Matcher[])[],
	steps: readonly RelabelStep[],
): AlertLabels[] {
	const all = [
		{},
		{ namespace: "any-namespace" },
		...conditions.flatMap(contextsAround),
		...steps.flatMap(examplesForStep),
	].map((labels) =>
		Object.fromEntries(
			Object.entries(labels)
				.filter(([name, value]) => value !== "" && !ofRules.includes(name))
				.sort(),
		),
	);
	return [...new Map(all.map((each) => [JSON.stringify(each), each])).values()];
}

/** The conditions of which no context could be made: a sentence each. */
export function findUntried(
	conditions: readonly (readonly Matcher[])[],
	steps: readonly RelabelStep[],
): string[] {
	const unclear = [
		...conditions
			.flatMap(findUnclear)
			.map((each) => `which alerts have ${formatMatchers([each])}`),
		...steps
			.filter(
				(each) =>
					each.source_labels.length > 0 && examplesForStep(each).length === 0,
			)
			.map((each) => `which alerts meet ${describeStep(each)}`),
	];
	return [...new Set(unclear)].map(
		(each) =>
			`not tried: ${each}, because no example of its regular expression could be made`,
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
