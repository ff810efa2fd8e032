import type { KubeClient } from "../clients/kubernetes.ts";
import { makeRefresher } from "../clients/mounts.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import type { Rule } from "../clients/prometheus-schemas.ts";
import { budgets } from "../common/budgets.ts";
import { eventually, notYet } from "../common/eventually.ts";

/**
 * Waits until each replica of Prometheus has loaded a group of alerts that all have this expression, and has evaluated it:
 * each sends its alerts.
 */
export async function waitUntilRulesHaveState(
	kube: KubeClient,
	prometheus: PrometheusClient,
	namespace: string,
	group: {
		readonly name: string;
		readonly expression: string;
		readonly state: NonNullable<Rule["state"]>;
	},
): Promise<void> {
	const refresh = makeRefresher(kube, namespace, "prometheus-operated");
	await eventually(
		`the alerts of rule group ${group.name} with ${group.expression} are ${group.state} in Prometheus`,
		budgets.ruleReload,
		async () => {
			for (const one of await prometheus.each()) {
				const groups = await one.ruleGroups();
				const loaded = groups.find(({ name }) => name === group.name);
				if (!loaded)
					return notYet(await refresh(`${one.name} has not loaded the group`));
				const old = loaded.rules.find(
					({ query }) => query !== group.expression,
				);
				if (old)
					return notYet(
						await refresh(
							`rule ${old.name} of ${one.name} still has ${old.query}`,
						),
					);
				const other = loaded.rules.find(({ state }) => state !== group.state);
				if (other)
					return notYet(
						`rule ${other.name} of ${one.name} is ${other.state}${other.lastError && `: ${other.lastError}`}`,
					);
			}
		},
	);
}

/** Waits until no replica of Prometheus has a group any more. */
export async function waitUntilRulesAreGone(
	kube: KubeClient,
	prometheus: PrometheusClient,
	namespace: string,
	group: string,
): Promise<void> {
	const refresh = makeRefresher(kube, namespace, "prometheus-operated");
	await eventually(
		`Prometheus no longer has rule group ${group}`,
		budgets.ruleReload,
		async () => {
			for (const one of await prometheus.each()) {
				const groups = await one.ruleGroups();
				if (groups.some(({ name }) => name === group))
					return notYet(await refresh(`${one.name} still has it`));
			}
		},
	);
}

/** The labels of all alert rules that Prometheus has, with their names. Of a template only an alert knows the value. */
export async function listAlertRules(
	prometheus: Pick<PrometheusClient, "ruleGroups">,
): Promise<Record<string, string>[]> {
	const groups = await prometheus.ruleGroups();
	return groups
		.flatMap(({ rules }) => rules)
		.filter(({ type }) => type === "alerting")
		.map(({ name, labels }) => ({
			...Object.fromEntries(
				Object.entries(labels).filter(([, value]) => !value.includes("{{")),
			),
			alertname: name,
		}));
}
