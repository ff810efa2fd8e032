import type { PrometheusClient } from "../clients/prometheus.ts";
import type {
	ActiveTarget,
	ScrapeConfig,
} from "../clients/prometheus-schemas.ts";
import { whyLost } from "./losing-step.ts";
import { keyOfSeries, sourceOf } from "./series-labels.ts";

/** What a person looks at first, by the path at which each kubelet exposes it. */
const wanted: Readonly<Record<string, readonly string[]>> = {
	"/metrics": ["kubelet_running_pods"],
	"/metrics/cadvisor": [
		"container_cpu_usage_seconds_total",
		"container_memory_working_set_bytes",
	],
};

type Target = Pick<
	ActiveTarget,
	"labels" | "discoveredLabels" | "scrapePool" | "health"
>;

/**
 * Looks for series that some of the kubelets that are scraped have, and others do not.
 *
 * @param since milliseconds: only newer samples count
 * @returns a sentence for each metric and node without it
 */
export async function findMissingOfKubelets(
	prometheus: PrometheusClient,
	since: number,
): Promise<string[]> {
	const { active } = await prometheus.targets({ state: "active" });
	const { scrape_configs } = await prometheus.config();
	const missing = await Promise.all(
		Object.entries(wanted).flatMap(([path, metrics]) =>
			metrics.map(async (metric) => {
				const groups = await prometheus.query(
					`group by (job, instance) (timestamp(${metric}) > ${since / 1000})`,
				);
				const found = new Set(groups.map((each) => sourceOf(each.metric)));
				return findUneven(metric, {
					targets: takeKubelets(active, path),
					found,
					configs: scrape_configs,
				});
			}),
		),
	);
	return missing.flat();
}

/** The kubelets' targets at a path that are up. */
export function takeKubelets<T extends Target>(
	active: readonly T[],
	path: string,
): T[] {
	return active.filter(
		(target) =>
			target.health === "up" &&
			target.discoveredLabels.__metrics_path__ === path &&
			nodeOf(target) !== undefined,
	);
}

/**
 * A sentence for each target without a metric that others have. One that nothing has may have been left out everywhere.
 *
 * @param found where the metric's series come from, by `sourceOf`
 */
export function findUneven(
	metric: string,
	{
		targets,
		found,
		configs,
	}: {
		readonly targets: readonly Target[];
		readonly found: ReadonlySet<string>;
		readonly configs: readonly ScrapeConfig[];
	},
): string[] {
	const without = targets.filter(
		(target) => !found.has(keyOfSeries(target, metric, configs)),
	);
	return without.length === targets.length
		? []
		: without.map((target) => {
				const { labels, scrapePool } = target;
				const own = { __name__: metric };
				const why = whyLost(scrapePool, configs, { ...labels, ...own }, own);
				return `no series ${metric} of node ${nodeOf(target)} in pool ${scrapePool}, which has those of other nodes${why ? `: ${why}` : ""}`;
			});
}

/** The node that a target is, and does not only run on. */
function nodeOf({
	discoveredLabels: labels,
}: Pick<Target, "discoveredLabels">): string | undefined {
	for (const of of ["endpoint", "endpointslice"])
		if (labels[`__meta_kubernetes_${of}_address_target_kind`] === "Node")
			return labels[`__meta_kubernetes_${of}_address_target_name`];
	return labels.__meta_kubernetes_node_name;
}
