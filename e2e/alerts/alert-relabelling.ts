import { z } from "zod";
import { GoRegex } from "../common/go-regex.ts";
import { parseAs } from "../common/parsing/parse-as.ts";
import type { AlertLabels } from "./matchers.ts";
import { makeExamples } from "./regex-examples.ts";

const step = z
	.looseObject({
		source_labels: z.array(z.string()).default([]),
		separator: z.string().default(";"),
		regex: z.coerce.string().default("(.*)"),
		target_label: z.string().default(""),
		replacement: z.coerce.string().default("$1"),
		action: z.string().default("replace"),
	})
	.readonly();
/** A step of relabelling, with Prometheus' defaults. */
export type RelabelStep = z.infer<typeof step>;

/** A list of them; none by default. */
export const relabelSteps = z.array(step).default([]);
const alerting = z
	.looseObject({
		alert_relabel_configs: relabelSteps,
		alertmanagers: z
			.array(z.looseObject({ alert_relabel_configs: relabelSteps }))
			.default([]),
	})
	.default({ alert_relabel_configs: [], alertmanagers: [] });

/** How Prometheus relabels alerts for each Alertmanager that it sends them to. */
export function readAlertRelabelling(
	configuration: Readonly<Record<string, unknown>>,
): RelabelStep[][] {
	const { alert_relabel_configs: ofAll, alertmanagers } = parseAs(
		alerting,
		configuration.alerting,
		"the part about alerting of the configuration that Prometheus has loaded",
	);
	return alertmanagers.map((each) => [...ofAll, ...each.alert_relabel_configs]);
}

/** What Prometheus makes of an alert's labels; undefined if it drops the alert. */
export function relabelAlert(
	steps: readonly RelabelStep[],
	labels: AlertLabels,
): AlertLabels | undefined {
	let current: AlertLabels | undefined = labels;
	for (const each of steps) {
		if (!current) return undefined;
		current = applyStep(each, current);
	}
	return current;
}

function applyStep(
	step: RelabelStep,
	labels: AlertLabels,
): AlertLabels | undefined {
	const regex = GoRegex.whole(step.regex);
	const source = step.source_labels
		.map((name) => labels[name] ?? "")
		.join(step.separator);
	const target = labels[step.target_label] ?? "";
	const set = (value: string) =>
		clean({ ...labels, [step.target_label]: value });
	switch (step.action) {
		case "replace":
			return regex.test(source)
				? clean({
						...labels,
						[regex.expand(source, step.target_label)]: regex.expand(
							source,
							step.replacement,
						),
					})
				: labels;
		case "keep":
			return regex.test(source) ? labels : undefined;
		case "drop":
			return regex.test(source) ? undefined : labels;
		case "keepequal":
			return source === target ? labels : undefined;
		case "dropequal":
			return source === target ? undefined : labels;
		case "lowercase":
			return set(source.toLowerCase());
		case "uppercase":
			return set(source.toUpperCase());
		case "hashmod":
			return set("0");
		case "labeldrop":
			return filterLabels(labels, (name) => !regex.test(name));
		case "labelkeep":
			return filterLabels(labels, (name) => regex.test(name));
		case "labelmap":
			return {
				...labels,
				...Object.fromEntries(
					Object.entries(labels)
						.filter(([name]) => regex.test(name))
						.map(([name, value]) => [
							regex.expand(name, step.replacement),
							value,
						]),
				),
			};
		default:
			throw new Error(
				`relabelling has the action ${step.action}, which this test does not know`,
			);
	}
}

/** Labels with which a step's condition is fulfilled; none if no example of its regular expression could be made. */
export function examplesForStep({
	source_labels: names,
	separator,
	regex,
}: RelabelStep): AlertLabels[] {
	const whole = GoRegex.whole(regex);
	return makeExamples(regex).flatMap((example) => {
		const parts = separator === "" ? [example] : example.split(separator);
		const values = names.map((_, at) => parts[at] ?? "");
		return whole.test(values.join(separator))
			? [Object.fromEntries(names.map((name, at) => [name, values[at] ?? ""]))]
			: [];
	});
}

/** The step by which an alert is dropped. */
export function describeDrop(
	steps: readonly RelabelStep[],
	labels: AlertLabels,
): string {
	const step = steps.find(
		(_, i) => relabelAlert(steps.slice(0, i + 1), labels) === undefined,
	);
	return step ? describeStep(step) : "";
}

/** What relabelling does to the labels that the promises are about; empty if nothing. */
export function describeChange(labels: AlertLabels, sent: AlertLabels): string {
	return ["alertname", "severity", "namespace"]
		.filter((name) => labels[name] !== sent[name])
		.map((name) =>
			sent[name] === undefined
				? `removes label ${name}`
				: labels[name] === undefined
					? `sets label ${name} to ${sent[name]}`
					: `changes label ${name} to ${sent[name]}`,
		)
		.join(" and ");
}

export function describeStep(step: RelabelStep): string {
	const from = step.source_labels.join(", ");
	return [
		step.action,
		from && `of ${from}`,
		`matching ${step.regex}`,
		step.target_label && `into ${step.target_label}`,
	]
		.filter(Boolean)
		.join(" ");
}

/** Prometheus removes labels whose value is empty. */
function clean(labels: AlertLabels): AlertLabels {
	return Object.fromEntries(
		Object.entries(labels).filter(([, value]) => value !== ""),
	);
}

function filterLabels(
	labels: AlertLabels,
	keep: (name: string) => boolean,
): AlertLabels {
	return Object.fromEntries(
		Object.entries(labels).filter(([name]) => keep(name)),
	);
}
