import type { KubeClient } from "../../clients/kubernetes.ts";
import type { PrometheusClient } from "../../clients/prometheus.ts";
import { budgets } from "../../common/budgets.ts";
import { clusterNow } from "../../common/clock/cluster-clock.ts";
import { eventually, HopelessError, notYet } from "../../common/eventually.ts";
import { watchRounds } from "../rounds.ts";
import { findDeafAlerts } from "./deaf-alerts.ts";
import { readOwnGroups } from "./loaded-groups.ts";
import { lonelyIn } from "./lonely-samples.ts";

/**
 * Waits until Prometheus has what critical and warning alerts read, from samples since now.
 *
 * @param interval how often targets are scraped, in milliseconds
 * @throws HopelessError once every target was scraped
 */
export async function waitForHeardAlerts(
	kube: KubeClient,
	prometheus: PrometheusClient,
	interval: number,
): Promise<void> {
	const began = clusterNow();
	const budget = budgets.scrapeInterval;
	const rounds = watchRounds(kube, prometheus, budget, began);
	await eventually(
		"Prometheus stores what critical and warning alerts read",
		budget,
		async () => {
			const { late } = await rounds();
			const { global, scrape_configs: configs } = await prometheus.config();
			const externalLabels = Object.keys(global.external_labels);
			const { active: targets } = await prometheus.targets({
				state: "active",
			});
			const deaf = await findDeafAlerts(
				await readOwnGroups(kube, prometheus),
				{ targets, configs, externalLabels },
				{
					isStored: async (selector) =>
						(await prometheus.countSince(selector, began)) > 0,
					interval,
					isLonely: lonelyIn(prometheus),
				},
			);
			if (deaf.length === 0) return;
			const clause = `"Alerts from Prometheus rules": ${deaf.join("; ")}`;
			if (late.length === 0) throw new HopelessError(clause);
			return notYet(clause);
		},
	);
}
