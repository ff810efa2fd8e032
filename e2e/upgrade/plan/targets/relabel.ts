import { z } from "zod";
import { GoRegex } from "../../../common/go-regex.ts";
import { asObject } from "../charts/fields.ts";

const rule = z.looseObject({
	action: z.string().default("replace"),
	sourceLabels: z.array(z.string()).default([]),
	separator: z.string().default(";"),
	regex: z.coerce.string().default("(.*)"),
	targetLabel: z.string().default(""),
	replacement: z.coerce.string().default("$1"),
});

/** Labels of a target; undefined where the value is not known from the chart. */
export type Labels = Readonly<Record<string, string | undefined>>;

/**
 * The labels of a target after Prometheus has relabelled it; undefined if it is dropped. What depends on a label that
 * is not known keeps the target.
 *
 * @param rules as in a ServiceMonitor or in Prometheus' configuration
 * @param isKnown whether a label's absence from `labels` means that the target does not have it
 */
export function relabel(
	rules: readonly unknown[],
	labels: Labels,
	isKnown: (label: string) => boolean,
): Labels | undefined {
	let current: Labels = labels;
	for (const each of rules) {
		const parsed = rule.safeParse(withCamelCase(each));
		if (!parsed.success) continue;
		const { action, sourceLabels, separator, targetLabel, replacement } =
			parsed.data;
		const regex = anchored(parsed.data.regex);
		if (!regex) continue;
		const known = sourceLabels.every(
			(label) => label in current || isKnown(label),
		);
		const values = sourceLabels.map((label) =>
			label in current ? current[label] : "",
		);
		const isOpen = !known || values.includes(undefined);
		const value = values.join(separator);
		switch (action.toLowerCase()) {
			case "keep":
				if (!isOpen && !regex.test(value)) return undefined;
				break;
			case "drop":
				if (!isOpen && regex.test(value)) return undefined;
				break;
			case "replace":
				if (isOpen) current = { ...current, [targetLabel]: undefined };
				else if (regex.test(value))
					current = {
						...current,
						[targetLabel]: regex.expand(value, replacement),
					};
				break;
			case "lowercase":
			case "uppercase":
				current = {
					...current,
					[targetLabel]: isOpen ? undefined : inCase(action, value),
				};
				break;
			case "hashmod":
				current = { ...current, [targetLabel]: undefined };
				break;
			case "keepequal":
			case "dropequal": {
				const other = targetLabel in current ? current[targetLabel] : "";
				const isTargetOpen =
					other === undefined ||
					!(targetLabel in current || isKnown(targetLabel));
				const isKept = (value === other) === /^keep/i.test(action);
				if (!isOpen && !isTargetOpen && !isKept) return undefined;
				break;
			}
			case "labelmap":
				current = {
					...current,
					...Object.fromEntries(
						Object.entries(current)
							.filter(([name]) => regex.test(name))
							.map(([name, own]) => [regex.expand(name, replacement), own]),
					),
				};
				break;
			case "labeldrop":
				current = filter(current, (name) => !regex.test(name));
				break;
			case "labelkeep":
				current = filter(current, (name) => regex.test(name));
				break;
		}
	}
	return current;
}

function inCase(action: string, value: string): string {
	return /^lower/i.test(action) ? value.toLowerCase() : value.toUpperCase();
}

/** A regular expression that must match a whole text; undefined if Prometheus would refuse it. */
export function anchored(regex: string): GoRegex | undefined {
	try {
		return GoRegex.whole(regex);
	} catch {
		return undefined;
	}
}

function filter(labels: Labels, isKept: (name: string) => boolean): Labels {
	return Object.fromEntries(
		Object.entries(labels).filter(([name]) => isKept(name)),
	);
}

/** Prometheus' configuration writes `source_labels`, the operator's objects `sourceLabels`. */
function withCamelCase(value: unknown): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(asObject(value)).map(([name, each]) => [
			name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
			each,
		]),
	);
}
