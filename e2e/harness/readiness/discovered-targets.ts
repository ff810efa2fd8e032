import { type ExposedSample, sumOf } from "../../clients/exposition.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import {
	listPrometheusPods,
	PrometheusClient,
} from "../../clients/prometheus.ts";
import { budgets } from "../../common/budgets.ts";
import { clusterNow } from "../../common/clock/cluster-clock.ts";
import { eventually, notYet } from "../../common/eventually.ts";

/**
 * Milliseconds: how long after a reload Prometheus may still scrape the targets of before. Its service discovery tells of
 * changes every 5 s (`updatert` in its discovery/manager.go), and its scrape pools take them over every 5 s
 * (`DiscoveryReloadInterval` in its scrape/manager.go).
 */
const takenOverAfter = 10_000;

/**
 * Waits until each replica of Prometheus has given its scrape pools what service discovery found, also where that is
 * nothing. Until then it has no targets, or those of before a reload, so that none is down and nothing seems wrong.
 *
 * @param name only the pods of the Prometheus object of this name; by default those of all
 */
export async function waitForDiscovery(
	kube: KubeClient,
	namespace: string,
	name?: string,
): Promise<void> {
	await eventually(
		"Prometheus has given its scrape pools what it discovered",
		budgets.ruleReload,
		async () => {
			const all = await listPrometheusPods(kube, namespace);
			const pods = all.filter(
				({ metadata: { labels } }) =>
					name === undefined ||
					labels?.["operator.prometheus.io/name"] === name,
			);
			if (pods.length === 0) return notYet("it has no pod");
			const reasons = await Promise.all(
				pods.map(async (pod) => {
					const prometheus = PrometheusClient.ofPod(kube, pod);
					const { scrape_configs } = await prometheus.config();
					const why = whyUndiscovered(
						scrape_configs.map(({ job_name }) => job_name),
						await prometheus.metrics(),
						clusterNow(),
					);
					return why && `${pod.metadata.name}: ${why}`;
				}),
			);
			const reason = reasons.filter(Boolean).join("; ");
			return reason ? notYet(reason) : undefined;
		},
	);
}

/**
 * Why Prometheus may not have the targets of its configuration yet; undefined if it has.
 *
 * @param jobs of the configuration
 * @param metrics Prometheus' own
 * @param now milliseconds, by the cluster's clock
 */
export function whyUndiscovered(
	jobs: readonly string[],
	metrics: readonly ExposedSample[],
	now: number,
): string | undefined {
	const synced = new Set(
		metrics
			.filter(
				({ name, value }) =>
					name === "prometheus_target_scrape_pool_sync_total" && value > 0,
			)
			.map(({ labels }) => labels.scrape_job),
	);
	const waiting = jobs.filter((job) => !synced.has(job));
	const millisecondsOf = (name: string) => sumOf(metrics, name) * 1000;
	const reloaded = millisecondsOf(
		"prometheus_config_last_reload_success_timestamp_seconds",
	);
	const isTakenOver = now - reloaded >= takenOverAfter;
	if (waiting.length > 0) {
		// Prometheus makes no pool where a file of its TLS configuration is missing, for instance: the claims say so.
		const someFail =
			sumOf(metrics, "prometheus_target_scrape_pools_failed_total") > 0;
		return someFail && isTakenOver
			? undefined
			: `these pools wait: ${waiting.join(", ")}`;
	}
	// Nothing counts when a pool that was there before a reload has new targets. What just started had none before.
	const started = millisecondsOf("process_start_time_seconds");
	return isTakenOver || reloaded - started < takenOverAfter
		? undefined
		: "its pools may have the targets of before its last reload";
}
