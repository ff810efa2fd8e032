import { escapeRegExp, omit, uniqBy } from "es-toolkit";
import { GoRegex } from "../../common/go-regex.ts";
import { makeExamples } from "../../common/relabelling/regex-examples.ts";
import {
	hashRemainder,
	type RelabelStep,
	relabelWith,
} from "../../common/relabelling/relabel.ts";
import type { AlertLabels } from "../matchers.ts";

/** Each step at most doubles the sets of labels for each of its examples; so many are followed. */
const mostFollowed = 200;
/** Hashes to be tried for a remainder. Of a modulus that is larger than a twentieth of it, some may not be found. */
const mostHashes = 20_000;
/** Labels that rules set: with a hash of them, others must vary. */
const ofRules: Readonly<Record<string, readonly string[]>> = {
	alertname: ["AnyAlert"],
	severity: ["critical", "warning"],
};

/**
 * Sets of labels that have wanted values after some steps, e.g. `{namespace: "media"}` if a step copies it into the label
 * that is wanted to be `media`.
 *
 * @returns those that are made of most others first; none if none was found, which is no proof that there is none
 */
export function findLabelsBefore(
	steps: readonly RelabelStep[],
	wanted: AlertLabels,
): AlertLabels[] {
	const found = steps.reduceRight<readonly AlertLabels[]>(
		(all, step) =>
			distinct(all.concat(all.flatMap((each) => invertStep(step, each)))).slice(
				0,
				mostFollowed,
			),
		[wanted],
	);
	return found.toReversed().filter((labels) => {
		const after = relabelWith(steps, labels);
		return (
			after &&
			Object.entries(wanted).every(
				([name, value]) => (after[name] ?? "") === value,
			)
		);
	});
}

/** Sets of labels of which a step that writes makes the wanted ones. */
function invertStep(step: RelabelStep, wanted: AlertLabels): AlertLabels[] {
	const value = wanted[step.target_label];
	switch (step.action) {
		case "replace":
			return Object.entries(wanted).flatMap(([name, own]) =>
				textsFor(step, name, own).flatMap((text) =>
					withSource(step, omit(wanted, [name]), text),
				),
			);
		case "lowercase":
		case "uppercase":
			return value === undefined
				? []
				: [value, value.toLowerCase()].flatMap((text) =>
						withSource(step, omit(wanted, [step.target_label]), text),
					);
		case "hashmod":
			return value === undefined
				? []
				: findHashed(step, omit(wanted, [step.target_label]), value);
		case "labelmap":
			return Object.entries(wanted).flatMap(([name, own]) =>
				makeExamples(step.regex, fillGroups(step.replacement, name))
					.filter((source) => !(source in wanted))
					.map((source) => ({ ...omit(wanted, [name]), [source]: own })),
			);
		default:
			return [];
	}
}

/** What a step that replaces must read to set a label to a value. */
function textsFor(
	{ regex, target_label, replacement }: RelabelStep,
	name: string,
	value: string,
): string[] {
	const ofName = fillGroups(target_label, name);
	const ofValue = fillGroups(replacement, value);
	if (!ofName || !ofValue) return [];
	const whole = GoRegex.whole(regex);
	return makeExamples(regex, { ...ofName, ...ofValue }).filter(
		(text) =>
			whole.expand(text, target_label) === name &&
			whole.expand(text, replacement) === value,
	);
}

/** The groups of which a template such as `$1-${2}` makes a text; undefined if it makes none like it. */
function fillGroups(
	template: string,
	text: string,
): Readonly<Record<string, string>> | undefined {
	const names: string[] = [];
	const parts = template.split(/(\$(?:\$|\w+|\{\w+\}))/).map((part) => {
		const [, bare, braced] = /^\$(?:(\w+)|\{(\w+)\})$/.exec(part) ?? [];
		const name = bare ?? braced;
		if (name === undefined) return escapeRegExp(part === "$$" ? "$" : part);
		names.push(name);
		return "(.*)";
	});
	const found = new RegExp(`^${parts.join("")}$`, "s").exec(text);
	return found
		? Object.fromEntries(names.map((name, i) => [name, found[i + 1] ?? ""]))
		: undefined;
}

/** Distributes a text among the labels that a step joins. */
function withSource(
	{ source_labels, separator }: RelabelStep,
	others: AlertLabels,
	text: string,
): AlertLabels[] {
	const parts = separator === "" ? [text] : text.split(separator);
	// What is left over belongs to the last one.
	const last = source_labels.length - 1;
	const own = source_labels.map(
		(name, i) =>
			[
				name,
				i === last ? parts.slice(i).join(separator) : (parts[i] ?? ""),
			] as const,
	);
	return own.every(([name, value]) => (others[name] ?? value) === value)
		? [{ ...others, ...Object.fromEntries(own) }]
		: [];
}

/** Labels whose hash leaves a remainder: one set for each severity, if it is hashed. */
function findHashed(
	{ source_labels, separator, modulus = 1 }: RelabelStep,
	others: AlertLabels,
	remainder: string,
): AlertLabels[] {
	if (!/^\d+$/.test(remainder) || Number(remainder) >= modulus) return [];
	const varied = source_labels.find(
		(name) => !(name in ofRules) && !(name in others),
	);
	const fixed = source_labels
		.filter((name) => name in ofRules && !(name in others))
		.reduce<AlertLabels[]>(
			(all, name) =>
				all.flatMap((each) =>
					(ofRules[name] ?? []).map((value) => ({ ...each, [name]: value })),
				),
			[others],
		);
	return fixed.flatMap((labels) => {
		for (let i = 0; i < (varied ? mostHashes : 1); i += 1) {
			const made = varied ? { ...labels, [varied]: `any-${i}` } : labels;
			const text = source_labels.map((name) => made[name] ?? "");
			if (hashRemainder(text.join(separator), modulus) === remainder)
				return [made];
		}
		return [];
	});
}

function distinct(all: readonly AlertLabels[]): AlertLabels[] {
	return uniqBy(all, (each) => JSON.stringify(Object.entries(each).sort()));
}
