import type { PrometheusClient, Targets } from "../clients/prometheus.ts";
import { makeSelector } from "../clients/promql.ts";
import { HopelessError } from "../harness/eventually.ts";
import { describeHealth } from "../scraping/compare-pools.ts";
import { type SamplePod, sampleMetric } from "./sample-pods.ts";

const appsPool = /^podMonitor\/[^/]+\/o11y-apps\/\d+$/;

/** The active targets that belong to a pod. */
export function activeTargetsOf(
	{ active }: Targets,
	{ namespace, name }: SamplePod,
): Targets["active"] {
	return active.filter(({ discoveredLabels }) =>
		belongsTo(discoveredLabels, namespace, name),
	);
}

/** `true` when a pod has one target, of PodMonitor o11y-apps, and that is up; else what is seen of it. */
export function describeScraped(
	targets: Targets,
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
	targets: Targets,
	pod: SamplePod,
): true | string {
	const [scraped] = activeTargetsOf(targets, pod);
	if (scraped)
		throw new HopelessError(
			`pod ${pod.name} did not opt in and has a target in ${scraped.scrapePool}: ${scraped.scrapeUrl}`,
		);
	const pools = new Set(
		[...targets.active, ...targets.dropped]
			.map(({ scrapePool }) => scrapePool)
			.filter((pool) => appsPool.test(pool)),
	);
	if (pools.size === 0) return "PodMonitor o11y-apps has no scrape pool";
	const silent = [...pools].filter(
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
