import { partition } from "es-toolkit";
import type { PrometheusClient } from "../clients/prometheus.ts";
import type { InstantSeries, Targets } from "../clients/prometheus-schemas.ts";
import { HopelessError, type NotYet, notYet } from "../common/eventually.ts";
import { makeSelector } from "../common/promql.ts";
import { describeHealth } from "../scraping/compare-pools.ts";
import {
	bulkMetric,
	type SamplePod,
	sampleContainer,
	sampleMetric,
} from "./sample-pods.ts";

const appsPool = /^podMonitor\/[^/]+\/o11y-apps\/\d+$/;

/** What Prometheus scrapes, and what PodMonitor o11y-apps has discovered and dropped. */
export interface AppsTargets extends Targets {
	/** The scrape pools of PodMonitor o11y-apps. */
	readonly pools: readonly string[];
}

/** Reads all active targets, but the dropped ones only of PodMonitor o11y-apps: there are many in all pools. */
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
	// Last, because a pod that was dropped a moment ago must not be scraped now.
	const { active } = await prometheus.targets({ state: "active" });
	return { active, dropped: dropped.flatMap((each) => each.dropped), pools };
}

/** The active targets of a pod. */
export function activeTargetsOf(
	{ active }: Pick<Targets, "active">,
	{ namespace, name }: SamplePod,
): Targets["active"] {
	return active.filter(({ discoveredLabels }) =>
		belongsTo(discoveredLabels, namespace, name),
	);
}

/** Why a pod does not have exactly one target, of PodMonitor o11y-apps and up; undefined if it has. */
export function whyNotScraped(
	targets: Pick<Targets, "active">,
	pod: SamplePod,
): NotYet | undefined {
	const [target, ...others] = activeTargetsOf(targets, pod);
	if (!target) return notYet(`pod ${pod.name} has no target`);
	if (others.length > 0)
		return notYet(
			`pod ${pod.name} has ${others.length + 1} targets: ${[target, ...others].map(({ scrapePool }) => scrapePool).join(", ")}`,
		);
	if (!appsPool.test(target.scrapePool))
		return notYet(`pod ${pod.name} is scraped by ${target.scrapePool}`);
	return target.health === "up"
		? undefined
		: notYet(`pod ${pod.name}: ${describeHealth(target)}`);
}

/**
 * Why not every pool of PodMonitor o11y-apps has discovered and dropped a pod; undefined if every one has.
 *
 * @throws HopelessError if the pod is scraped
 */
export function whyNotDropped(
	targets: AppsTargets,
	pod: SamplePod,
): NotYet | undefined {
	const [scraped] = activeTargetsOf(targets, pod);
	if (scraped)
		throw new HopelessError(
			`pod ${pod.name} did not opt in and has a target in ${scraped.scrapePool}: ${scraped.scrapeUrl}`,
		);
	if (targets.pools.length === 0)
		return notYet("PodMonitor o11y-apps has no scrape pool");
	const missing = targets.pools.filter(
		(pool) =>
			!targets.dropped.some(
				({ scrapePool, discoveredLabels }) =>
					scrapePool === pool &&
					belongsTo(discoveredLabels, pod.namespace, pod.name),
			),
	);
	return missing.length === 0
		? undefined
		: notYet(
				`pod ${pod.name} is not among the dropped targets of ${missing.join(", ")}`,
			);
}

/** A value that Prometheus has stored, with the namespace and pod in its labels. */
export interface StoredValue {
	readonly namespace: string;
	readonly pod: string;
	readonly value: number;
}

/** The values of a sample pod's metric that Prometheus has stored. */
export async function readSampleValues(
	prometheus: PrometheusClient,
	{ sample }: SamplePod,
): Promise<StoredValue[]> {
	const series = await prometheus.query(makeSelector(sampleMetric, { sample }));
	return series.map(({ metric, value }) => ({
		namespace: metric.namespace ?? "",
		pod: metric.pod ?? "",
		value: value.value,
	}));
}

/** Why Prometheus has not stored all of a sample pod's series in bulk under the pod's labels; undefined if it has. */
export async function whyNotInBulk(
	prometheus: PrometheusClient,
	pod: SamplePod,
): Promise<NotYet | undefined> {
	const selector = makeSelector(bulkMetric, { sample: pod.sample });
	return whyNotComplete(
		await prometheus.query(
			`count by (namespace, pod, container) (${selector})`,
		),
		pod,
	);
}

/** @param counts how many series there are, by the labels `namespace`, `pod` and `container` */
export function whyNotComplete(
	counts: readonly InstantSeries[],
	{ namespace, name, bulk = 0 }: SamplePod,
): NotYet | undefined {
	const wanted = { namespace, pod: name, container: sampleContainer };
	const [own, others] = partition(counts, ({ metric }) =>
		Object.entries(wanted).every(([label, value]) => metric[label] === value),
	);
	const stored = own[0]?.value.value ?? 0;
	if (stored === bulk && others.length === 0) return undefined;
	const elsewhere = others.map(
		({ metric, value }) => `${value.value} have ${JSON.stringify(metric)}`,
	);
	return notYet(
		[
			`of ${bulk} series of ${bulkMetric} that pod ${name} exposes, ${stored} are stored with its namespace, name and container`,
			...elsewhere,
		].join("; "),
	);
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
