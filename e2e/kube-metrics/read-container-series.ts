import { type Pod, pod } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import type {
	ActiveTarget,
	ScrapeConfig,
} from "../clients/prometheus-schemas.ts";
import { budgets } from "../common/budgets.ts";
import { eventually, notYet } from "../common/eventually.ts";
import {
	containerMetric,
	countKnown,
	explainNone,
	takeContainerTargets,
} from "./container-series.ts";

/** cAdvisor gives a sample the time at which it looked at the container: up to this many milliseconds before the scrape. */
const oldestSample = 30_000;

/** cAdvisor's series, where they come from, and the pods that they are about. */
export interface ContainerSeries {
	readonly series: readonly Readonly<Record<string, string>>[];
	readonly targets: readonly ActiveTarget[];
	readonly pods: readonly Pod[];
	readonly configs: readonly ScrapeConfig[];
}

/**
 * Waits for series of every node that is scraped.
 *
 * @param since milliseconds: older samples do not count
 * @returns undefined if no node's cAdvisor is scraped
 */
export async function waitForContainerSeries(
	kube: KubeClient,
	prometheus: PrometheusClient,
	since: number,
): Promise<ContainerSeries | undefined> {
	const targets = await waitForScrapes(prometheus, since);
	if (targets.length === 0) return undefined;
	const { scrape_configs: configs } = await prometheus.config();
	const pods = await kube.list({ apiVersion: "v1", kind: "Pod" }, pod);
	// A target is scraped a moment before its samples can be queried.
	const series = await eventually(
		`Prometheus has ${containerMetric} of a pod of the cluster`,
		budgets.request,
		async () => {
			const found = await prometheus.query(
				`group by (namespace, pod) (timestamp(${containerMetric}) > ${since / 1000})`,
			);
			const labels = found.map(({ metric }) => metric);
			return countKnown(labels, pods) > 0
				? labels
				: notYet(
						["it has none", ...explainNone(targets, pods, configs)].join("; "),
					);
		},
	);
	return { series, targets, pods, configs };
}

/** Waits until each was scraped so late that its samples are newer than a moment in milliseconds, and returns them. */
function waitForScrapes(
	prometheus: PrometheusClient,
	moment: number,
): Promise<ActiveTarget[]> {
	return eventually(
		"cAdvisor was scraped on every node",
		budgets.scrapeInterval,
		async () => {
			const { active } = await prometheus.targets({ state: "active" });
			const targets = takeContainerTargets(active);
			const late = targets.filter(
				({ lastScrape }) => Date.parse(lastScrape) < moment + oldestSample,
			);
			return late.length === 0
				? targets
				: notYet(
						late
							.map(
								({ scrapeUrl, lastScrape }) =>
									`${scrapeUrl} was scraped at ${lastScrape}`,
							)
							.join("; "),
					);
		},
	);
}
