import type { PrometheusClient } from "../clients/prometheus.ts";
import type {
	ActiveTarget,
	ScrapeConfig,
} from "../clients/prometheus-schemas.ts";
import { whyLost } from "./losing-step.ts";
import { readScrapedUrl } from "./scraped-url.ts";
import { keyOfSeries, sourceOf } from "./series-labels.ts";

/** What a person looks at first, and each kubelet has by itself, by the path at which it exposes it. */
const wanted: Readonly<Record<string, readonly string[]>> = {
	"/metrics": ["kubelet_running_pods"],
	"/metrics/cadvisor": [
		"container_cpu_usage_seconds_total",
		"container_memory_working_set_bytes",
	],
};

type Target = Pick<
	ActiveTarget,
	"labels" | "discoveredLabels" | "scrapePool" | "scrapeUrl" | "health"
>;

/** What Prometheus has of the kubelets. */
export interface KubeletSeries {
	/** A sentence for each metric and node without it, and for each that was not scraped yet. */
	readonly missing: readonly string[];
	/** A sentence for each path at which no kubelet is scraped. */
	readonly notScraped: readonly string[];
}

/**
 * Looks for the series of each kubelet that is scraped.
 *
 * @param since milliseconds: only newer samples count
 */
export async function readKubeletSeries(
	prometheus: PrometheusClient,
	since: number,
): Promise<KubeletSeries> {
	const { active } = await prometheus.targets({ state: "active" });
	const { scrape_configs } = await prometheus.config();
	const missing = await Promise.all(
		Object.entries(wanted).flatMap(([path, metrics]) =>
			metrics.map(async (metric) => {
				const groups = await prometheus.query(
					`group by (job, instance) (timestamp(${metric}) > ${since / 1000})`,
				);
				const found = new Set(groups.map((each) => sourceOf(each.metric)));
				return findMissingOfKubelets(metric, {
					targets: takeKubelets(active, path),
					found,
					configs: scrape_configs,
				});
			}),
		),
	);
	return {
		missing: [...missing.flat(), ...listUntried(active)],
		notScraped: listNotScraped(active),
	};
}

/** A sentence for each kubelet of which Prometheus does not know yet whether it is up. */
export function listUntried(active: readonly Target[]): string[] {
	return active
		.filter(
			(target) =>
				target.health === "unknown" &&
				Object.keys(wanted).some((path) => isKubelet(target, path)),
		)
		.map(({ scrapeUrl }) => `${scrapeUrl} was not scraped yet`);
}

/** A sentence for each path of the kubelets that no target has, up or down: no promise names them. */
export function listNotScraped(active: readonly Target[]): string[] {
	return Object.entries(wanted)
		.filter(([path]) => !active.some((target) => isKubelet(target, path)))
		.map(
			([path, metrics]) =>
				`no kubelet is scraped at ${path}: whether Prometheus has ${metrics.join(" and ")} of each was not judged`,
		);
}

/** The kubelets' targets at a path that are up. */
export function takeKubelets<T extends Target>(
	active: readonly T[],
	path: string,
): T[] {
	return active.filter(
		(target) => target.health === "up" && isKubelet(target, path),
	);
}

/**
 * By where it is scraped: relabelling may lead to another port of the node, such as that of Node Exporter, or through the
 * API server's proxy. The host may have another name.
 */
function isKubelet(target: Target, path: string): boolean {
	const url = readScrapedUrl(target);
	return (
		nodeOf(target) !== undefined &&
		url?.scraped.pathname === path &&
		url.scraped.port === url.discovered.port
	);
}

/**
 * A sentence for each target without a metric that every kubelet has by itself.
 *
 * @param found where the metric's series come from, by `sourceOf`
 */
export function findMissingOfKubelets(
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
	const others =
		without.length === targets.length
			? "which has none of any node"
			: "which has those of other nodes";
	return without.map((target) => {
		const { labels, scrapePool } = target;
		const own = { __name__: metric };
		const why = whyLost(scrapePool, configs, { ...labels, ...own }, own);
		return `no series ${metric} of node ${nodeOf(target)} in pool ${scrapePool}, ${others}${why ? `: ${why}` : ""}`;
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
