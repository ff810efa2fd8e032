import { type ExposedSample, sumOf } from "../../clients/exposition.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import {
	listPrometheusPods,
	PrometheusClient,
} from "../../clients/prometheus.ts";
import { budgets } from "../../common/budgets.ts";
import { eventually, notYet } from "../../common/eventually.ts";

/**
 * Waits until each replica of Prometheus has given its scrape pools what service discovery found. It does so up to 5 s
 * after it has loaded a configuration (`updatert` in its discovery/manager.go), also where nothing was found. Until then
 * it has no targets, so none is down and nothing seems wrong.
 */
export async function waitForDiscovery(
	kube: KubeClient,
	namespace: string,
): Promise<void> {
	await eventually(
		"Prometheus has given its scrape pools what it discovered",
		budgets.ruleReload,
		async () => {
			const pods = await listPrometheusPods(kube, namespace);
			const waiting = await Promise.all(
				pods.map(async (pod) => {
					const prometheus = PrometheusClient.ofPod(kube, pod);
					const { scrape_configs } = await prometheus.config();
					return listWaitingPools(
						scrape_configs.map(({ job_name }) => job_name),
						await prometheus.metrics(),
					).map((pool) => `${pod.metadata.name}: ${pool}`);
				}),
			);
			const all = waiting.flat();
			return all.length === 0
				? undefined
				: notYet(`these pools wait: ${all.join(", ")}`);
		},
	);
}

/**
 * The scrape pools that have not been given any targets yet.
 *
 * @param jobs of the configuration
 * @param metrics Prometheus' own
 */
export function listWaitingPools(
	jobs: readonly string[],
	metrics: readonly ExposedSample[],
): string[] {
	const synced = new Set(
		metrics
			.filter(
				({ name, value }) =>
					name === "prometheus_target_scrape_pool_sync_total" && value > 0,
			)
			.map(({ labels }) => labels.scrape_job),
	);
	const waiting = jobs.filter((job) => !synced.has(job));
	// Prometheus makes no pool where a file of its TLS configuration is missing, for instance: the claims say so.
	const failed = sumOf(metrics, "prometheus_target_scrape_pools_failed_total");
	return waiting.length > failed ? waiting : [];
}
