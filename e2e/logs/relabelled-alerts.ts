import { parse } from "yaml";
import { z } from "zod";
import { makeAnyNames, makeContexts } from "../alerts/alert-contexts.ts";
import { promisedRepeats } from "../alerts/judge-alert.ts";
import type { AlertLabels } from "../alerts/matchers.ts";
import {
	describeChange,
	describeDrop,
} from "../alerts/relabelling/alert-relabelling.ts";
import { parseAs } from "../common/parsing/parse-as.ts";
import {
	type RelabelStep,
	relabelSteps,
	relabelWith,
} from "../common/relabelling/relabel.ts";

const sending = z.looseObject({ alert_relabel_configs: relabelSteps });
const configuration = z.looseObject({
	ruler: sending,
	limits_config: z
		.looseObject({ ruler_alertmanager_config: sending.nullish() })
		.prefault({}),
});

/**
 * How Loki's ruler relabels alerts before it sends them. What the limits say of Alertmanager replaces what the ruler says.
 *
 * @param yaml the configuration that Loki has loaded
 */
export function readRulerRelabelling(yaml: string): RelabelStep[] {
	const { ruler, limits_config: limits } = parseAs(
		configuration,
		parse(yaml),
		"the configuration that Loki has loaded",
	);
	return (limits.ruler_alertmanager_config ?? ruler).alert_relabel_configs;
}

/** Critical and warning alerts that do not come to Alertmanager as their rule makes them: a sentence for each kind. */
export function findRelabelledAlerts(
	steps: readonly RelabelStep[],
	rules: readonly AlertLabels[],
): string[] {
	const severities = Object.keys(promisedRepeats);
	const alerts = [
		...severities.flatMap((severity) =>
			makeAnyNames([steps]).map((alertname) => ({ alertname, severity })),
		),
		...rules.filter(({ severity = "" }) => severities.includes(severity)),
	];
	const contexts = makeContexts([], [steps]);
	const found = new Map<string, string>();
	for (const alert of alerts)
		for (const context of contexts) {
			const labels = { ...context, ...alert };
			const sent = relabelWith(steps, labels);
			const changed = sent && describeChange(labels, sent);
			if (sent && !changed) continue;
			const flaw = sent
				? `Loki's alert relabelling ${changed}, by which they are routed and inhibited`
				: `Loki drops some by alert relabelling (${describeDrop(steps, labels)})`;
			const example = Object.entries(labels).map(
				([name, value]) => `${name}="${value}"`,
			);
			found.set(flaw, found.get(flaw) ?? example.join(", "));
		}
	return [...found].map(
		([flaw, example]) =>
			`alerts from Loki's rules are to land in Alertmanager, but ${flaw}; such as ${example}`,
	);
}
