import type { KubeClient } from "../clients/kubernetes.ts";
import { makeRefresher } from "../clients/mounts.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import { budgets } from "../common/budgets.ts";
import { eventually, notYet } from "../common/eventually.ts";

/** Waits until each replica of Prometheus has loaded a group whose rules all have this expression: each sends its alerts. */
export async function waitUntilRulesAreLoaded(
	kube: KubeClient,
	prometheus: PrometheusClient,
	namespace: string,
	group: { readonly name: string; readonly expression: string },
): Promise<void> {
	const refresh = makeRefresher(kube, namespace, "prometheus-operated");
	await eventually(
		`Prometheus has loaded rule group ${group.name} with ${group.expression}`,
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
