import { parseExposition } from "../clients/exposition.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { budgets } from "../harness/budgets.ts";
import { eventually } from "../harness/eventually.ts";

const servers = {
	prometheus: {
		name: "prometheus-operated",
		port: 9090,
		metric: "prometheus_config_last_reload_success_timestamp_seconds",
	},
	alertmanager: {
		name: "alertmanager-operated",
		port: 9093,
		metric: "alertmanager_config_last_reload_success_timestamp_seconds",
	},
} as const;

/**
 * Waits until the servers whose values a mutation changes have loaded a configuration since then, so that no claim
 * is proven by the one before.
 *
 * @param since seconds since the epoch
 */
export async function waitUntilReloaded(
	kube: KubeClient,
	namespace: string,
	values: Readonly<Record<string, unknown>>,
	since: number,
): Promise<void> {
	for (const [key, { name, port, metric }] of Object.entries(servers)) {
		if (!(key in values)) continue;
		await eventually(
			`${key} has loaded a configuration since the change`,
			budgets.ruleReload,
			async () => {
				const service = kube.proxy({ namespace, kind: "services", name, port });
				const samples = parseExposition((await service.get("/metrics")).text);
				return samples.find((each) => each.name === metric)?.value ?? 0;
			},
			(loaded) => loaded >= since || `it loaded its last at ${loaded}`,
		);
	}
}
