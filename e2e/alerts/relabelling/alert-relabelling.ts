import { z } from "zod";
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

const alertmanager = z.looseObject({
	alert_relabel_configs: relabelSteps,
	kubernetes_sd_configs: z
		.array(
			z.looseObject({
				namespaces: z
					.looseObject({ names: z.array(z.string()).default([]) })
					.prefault({}),
			}),
		)
		.default([]),
});
const alerting = z
	.looseObject({
		alert_relabel_configs: relabelSteps,
		alertmanagers: z.array(alertmanager).default([]),
	})
	.prefault({});

/**
 * How Prometheus relabels alerts for each Alertmanager of the stack that it sends them to. What further ones are told,
 * elsewhere, is promised by nobody: only if none is found in the namespace, each may be the stack's.
 */
export function readAlertRelabelling(
	configuration: Readonly<Record<string, unknown>>,
	namespace: string,
): RelabelStep[][] {
	const { alert_relabel_configs: ofAll, alertmanagers } = parseAs(
		alerting,
		configuration.alerting,
		"the part about alerting of the configuration that Prometheus has loaded",
	);
	const own = alertmanagers.filter(({ kubernetes_sd_configs }) =>
		kubernetes_sd_configs.some(({ namespaces }) =>
			namespaces.names.includes(namespace),
		),
	);
	return (own.length > 0 ? own : alertmanagers).map((each) => [
		...ofAll,
		...each.alert_relabel_configs,
	]);
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
