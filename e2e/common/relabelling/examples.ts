import { GoRegex } from "../go-regex.ts";
import { makeExamples } from "./regex-examples.ts";
import type { RelabelStep } from "./relabel.ts";

type Labels = Readonly<Record<string, string>>;

/** Labels with which a step's condition is fulfilled; none if no example of its regular expression could be made. */
export function examplesForStep(step: RelabelStep): Labels[] {
	const { action, source_labels: names, separator, regex } = step;
	if (/equal$/.test(action)) return examplesForComparison(step);
	const whole = GoRegex.whole(regex);
	return makeExamples(regex).flatMap((example) => {
		const parts = separator === "" ? [example] : example.split(separator);
		const values = names.map((_, at) => parts[at] ?? "");
		return whole.test(values.join(separator))
			? [Object.fromEntries(names.map((name, at) => [name, values[at] ?? ""]))]
			: [];
	});
}

/** What is compared is the same, or not. */
function examplesForComparison({
	source_labels: names,
	separator,
	target_label: target,
}: RelabelStep): Labels[] {
	const own = Object.fromEntries(names.map((name, at) => [name, `any-${at}`]));
	const same = Object.values(own).join(separator);
	return [same, "another"].map((value) => ({ ...own, [target]: value }));
}
