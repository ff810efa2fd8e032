import pLimit from "p-limit";
import { KubeError } from "../../clients/api-server/api-server.ts";
import type { PrometheusClient } from "../../clients/prometheus.ts";
import { withoutFilters } from "../../common/promql/filters.ts";
import {
	describeStep,
	type RelabelStep,
	relabelWith,
} from "../../common/relabelling/relabel.ts";
import { promisedRepeats } from "../judge-alert.ts";
import type { AlertRule } from "../loaded-rules.ts";
import type { AlertLabels } from "../matchers.ts";

/** By this label alerts of several nodes are told apart. That of a pod may be left out on purpose: its owner is meant then. */
const source = "instance";

/**
 * Rules whose alerts about several instances are one after relabelling, as a sentence: with the end of one, the other
 * has ended for Alertmanager, too. Of each rule that is tried which alerts it would make of what is there now.
 *
 * @param relabelling one list for each Alertmanager
 */
export async function findMergedAlerts(
	prometheus: Pick<PrometheusClient, "query">,
	rules: readonly AlertRule[],
	relabelling: readonly (readonly RelabelStep[])[],
): Promise<string[]> {
	const changing = relabelling.filter((steps) => steps.some(changesSource));
	if (changing.length === 0) return [];
	const found = await pLimit(2).map(rules.filter(isClear), async (rule) => {
		const series = await prometheus
			.query(withoutFilters(rule.expression))
			.catch(nothingIfRefused);
		const alerts = series.map(({ metric: { __name__, ...labels } }) => ({
			...labels,
			...rule.labels,
		}));
		return changing.flatMap((steps) => {
			const merged = findMerged(alerts, steps);
			return merged
				? [{ steps, example: `${rule.labels.alertname} of ${merged}` }]
				: [];
		});
	});
	return changing.flatMap((steps) => {
		const own = found.flat().filter((each) => each.steps === steps);
		const [first] = own;
		if (!first) return [];
		const by = steps.filter(changesSource).map(describeStep).join(" and ");
		return [
			`each critical and warning alert is to reach Slack, but alert relabelling of Prometheus (${by}) makes one alert of those about several instances, which then ends when one of them does: ${own.length === 1 ? "" : `${own.length} rules, `}such as ${first.example}`,
		];
	});
}

/** Without its filters, an expression may have several series on the side of a join that allows one. */
function nothingIfRefused(error: unknown): never[] {
	if (error instanceof KubeError && error.status === 422) return [];
	throw error;
}

/** Whether it is known which alerts a rule makes: a label by a template may tell them apart, and what is absent is one. */
function isClear({ labels, sets, expression }: AlertRule): boolean {
	return (
		Object.keys(promisedRepeats).includes(labels.severity ?? "") &&
		sets.every((name) => name in labels) &&
		!/\babsent(_over_time)?\s*\(/.test(expression)
	);
}

function changesSource(step: RelabelStep): boolean {
	return (
		step.target_label === source ||
		(/^label(drop|keep)$/.test(step.action) &&
			!relabelWith([step], { [source]: "any" })?.[source])
	);
}

/** The instances of the first alerts from different hosts that are the same after some steps. */
function findMerged(
	alerts: readonly AlertLabels[],
	steps: readonly RelabelStep[],
): string | undefined {
	const seen = new Map<string, string>();
	for (const labels of alerts) {
		const sent = relabelWith(steps, labels);
		const instance = labels[source];
		if (!sent || !instance) continue;
		const key = JSON.stringify(Object.entries(sent).sort());
		const other = seen.get(key);
		if (other && hostOf(other) !== hostOf(instance))
			return `${other} and ${instance}`;
		seen.set(key, instance);
	}
	return undefined;
}

/** A pod may have several ports. */
function hostOf(instance: string): string {
	return instance.replace(/:\d+$/, "");
}
