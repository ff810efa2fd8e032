import type { PrometheusClient, Targets } from "../clients/prometheus.ts";
import { HopelessError } from "../common/eventually.ts";
import { makeSelector } from "../common/promql.ts";
import { describeHealth } from "../scraping/compare-pools.ts";
import { type SamplePod, sampleMetric } from "./sample-pods.ts";

const appsPool = /^podMonitor\/[^/]+\/o11y-apps\/\d+$/;

/** What Prometheus scrapes, and what PodMonitor o11y-apps has found and dropped. */
export interface AppsTargets extends Targets {
	/** The pools of PodMonitor o11y-apps. */
	readonly pools: readonly string[];
}

/** Reads all active targets, and the dropped ones of PodMonitor o11y-apps alone: those of all pools are many. */
export async function readAppsTargets(
	prometheus: PrometheusClient,
): Promise<AppsTargets> {
	const names = await prometheus.scrapePools();
	const pools = names.filter((name) => appsPool.test(name));
	const dropped = await Promise.all(
		pools.map((scrapePool) =>
			prometheus.targets({ state: "dropped", scrapePool }),
		),
	);
	// Last: a pod that was dropped a moment ago must not be scraped now.
	const { active } = await prometheus.targets({ state: "active" });
	return { active, dropped: dropped.flatMap((each) => each.dropped), pools };
}

/** The active targets that belong to a pod. */
export function activeTargetsOf(
	{ active }: Pick<Targets, "active">,
	{ namespace, name }: SamplePod,
): Targets["active"] {
	return active.filter(({ discoveredLabels }) =>
		belongsTo(discoveredLabels, namespace, name),
	);
}

/** `true` when a pod has one target, of PodMonitor o11y-apps, and that is up; else what is seen of it. */
export function describeScraped(
	targets: Pick<Targets, "active">,
	pod: SamplePod,
): true | string {
	const [target, ...others] = activeTargetsOf(targets, pod);
	if (!target) return `pod ${pod.name} has no target`;
	if (others.length > 0)
		return `pod ${pod.name} has ${others.length + 1} targets: ${[target, ...others].map(({ scrapePool }) => scrapePool).join(", ")}`;
	if (!appsPool.test(target.scrapePool))
		return `pod ${pod.name} is scraped by ${target.scrapePool}`;
	return target.health === "up" || `pod ${pod.name}: ${describeHealth(target)}`;
}

/**
 * `true` when each pool of PodMonitor o11y-apps has found and dropped a pod; else where that is missing.
 *
 * @throws HopelessError when the pod is scraped after all
 */
export function describeDropped(
	targets: AppsTargets,
	pod: SamplePod,
): true | string {
	const [scraped] = activeTargetsOf(targets, pod);
	if (scraped)
		throw new HopelessError(
			`pod ${pod.name} did not opt in and has a target in ${scraped.scrapePool}: ${scraped.scrapeUrl}`,
		);
	if (targets.pools.length === 0)
		return "PodMonitor o11y-apps has no scrape pool";
	const silent = targets.pools.filter(
		(pool) =>
			!targets.dropped.some(
				({ scrapePool, discoveredLabels }) =>
					scrapePool === pool &&
					belongsTo(discoveredLabels, pod.namespace, pod.name),
			),
	);
	return (
		silent.length === 0 ||
		`pod ${pod.name} is not among the dropped targets of ${silent.join(", ")}`
	);
}

/** A value that Prometheus has stored, with the namespace and pod that it is ascribed to. */
export interface StoredValue {
	readonly namespace: string;
	readonly pod: string;
	readonly value: number;
}

/** What Prometheus has stored of a pod's metric. */
export async function readValues(
	prometheus: PrometheusClient,
	{ name }: SamplePod,
): Promise<StoredValue[]> {
	const series = await prometheus.query(
		makeSelector(sampleMetric, { sample: name }),
	);
	return series.map(({ metric, value }) => ({
		namespace: metric.namespace ?? "",
		pod: metric.pod ?? "",
		value: value.value,
	}));
}

function belongsTo(
	labels: Readonly<Record<string, string>>,
	namespace: string,
	name: string,
): boolean {
	return (
		labels.__meta_kubernetes_namespace === namespace &&
		labels.__meta_kubernetes_pod_name === name
	);
}
