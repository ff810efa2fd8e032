import { z } from "zod";
import { GoRegex } from "../../common/go-regex.ts";
import { parseAs } from "../../common/parsing/parse-as.ts";
import {
	describeOrigins,
	traceLabels,
} from "../../common/relabelling/label-origins.ts";
import {
	describeStep,
	type RelabelStep,
	relabelSteps,
	relabelWith,
} from "../../common/relabelling/relabel.ts";
import type { AlertLabels } from "../matchers.ts";
import { makeExamples } from "../regex-examples.ts";

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

/** Labels with which a step's condition is fulfilled; none if no example of its regular expression could be made. */
export function examplesForStep(step: RelabelStep): AlertLabels[] {
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
}: RelabelStep): AlertLabels[] {
	const own = Object.fromEntries(names.map((name, at) => [name, `any-${at}`]));
	const same = Object.values(own).join(separator);
	return [same, "another"].map((value) => ({ ...own, [target]: value }));
}

/** The step by which an alert is dropped, with the labels that its own are made of. */
export function describeDrop(
	steps: readonly RelabelStep[],
	labels: AlertLabels,
): string {
	const step = traceLabels(steps).find(
		(_, i) => relabelWith(steps.slice(0, i + 1), labels) === undefined,
	);
	return step ? `${describeStep(step.rule)}${describeOrigins(step)}` : "";
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
