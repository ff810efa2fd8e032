import { createHash } from "node:crypto";
import type { AlertmanagerClient } from "../clients/alertmanager.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { makeRefresher } from "../clients/mounts.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import { readRenderedConfig } from "../clients/rendered-config.ts";
import { budgets } from "../common/budgets.ts";
import { eventually } from "../common/eventually.ts";

const renderedConfig = {
	service: "alertmanager-operated",
	volume: "config-volume",
	key: "alertmanager.yaml.gz",
};

/** Waits until Prometheus has loaded a group whose every rule has this expression. */
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
			const groups = await prometheus.ruleGroups();
			const loaded = groups.find(({ name }) => name === group.name);
			if (!loaded) return refresh("it knows no such group");
			const other = loaded.rules.find(
				({ query }) => query !== group.expression,
			);
			if (other) return refresh(`its ${other.name} still has ${other.query}`);
			return undefined;
		},
		(missing) => missing ?? true,
	);
}

/** Waits until Prometheus has forgotten a group. */
export async function waitUntilRulesAreGone(
	kube: KubeClient,
	prometheus: PrometheusClient,
	namespace: string,
	group: string,
): Promise<void> {
	const refresh = makeRefresher(kube, namespace, "prometheus-operated");
	await eventually(
		`Prometheus has forgotten rule group ${group}`,
		budgets.ruleReload,
		async () => {
			const groups = await prometheus.ruleGroups();
			return groups.some(({ name }) => name === group)
				? refresh("it is still loaded")
				: undefined;
		},
		(missing) => missing ?? true,
	);
}

/**
 * Waits until Alertmanager runs the configuration that the operator rendered last: an upgrade may succeed and leave
 * the old one loaded (prometheus-community/helm-charts#1926). Alertmanager tells a hash of what it has read.
 */
export async function waitUntilConfigIsLoaded(
	kube: KubeClient,
	alertmanager: AlertmanagerClient,
	namespace: string,
): Promise<void> {
	const refresh = makeRefresher(kube, namespace, renderedConfig.service);
	await eventually(
		"Alertmanager has loaded the configuration that the operator rendered",
		budgets.ruleReload,
		async () => {
			const metrics = await alertmanager.metrics();
			const hash = metrics.find(
				({ name }) => name === "alertmanager_config_hash",
			)?.value;
			const rendered = hashOf(
				await readRenderedConfig(kube, namespace, renderedConfig),
			);
			return hash === rendered
				? undefined
				: refresh(`its configuration's hash is ${hash}, not ${rendered}`);
		},
		(missing) => missing ?? true,
	);
}

/** As Alertmanager computes `alertmanager_config_hash`: 48 bits of MD5, so that a float holds them. */
function hashOf(config: Buffer): number {
	return createHash("md5").update(config).digest().readUIntLE(0, 6);
}
