import { partition } from "es-toolkit";
import type { PrometheusClient } from "../clients/prometheus.ts";
import type { InstantSeries } from "../clients/prometheus-schemas.ts";
import { type NotYet, notYet } from "../common/eventually.ts";
import { makeSelector } from "../common/promql.ts";
import { findLabelChanges } from "./label-changes.ts";
import {
	bulkMetric,
	type SamplePod,
	sampleContainer,
	sampleMetric,
} from "./sample-pods.ts";
import { appsPool } from "./sightings.ts";

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
	const { scrape_configs } = await prometheus.config();
	return whyNotComplete(
		await prometheus.query(
			`count by (namespace, pod, container) (${selector})`,
		),
		pod,
		scrape_configs
			.filter(({ job_name }) => appsPool.test(job_name))
			.flatMap((config) =>
				findLabelChanges(config, ["namespace", "pod", "container"]),
			),
	);
}

/**
 * @param counts how many series there are, by the labels `namespace`, `pod` and `container`
 * @param causes what may have changed those labels
 */
export function whyNotComplete(
	counts: readonly InstantSeries[],
	{ namespace, name, bulk = 0 }: SamplePod,
	causes: readonly string[] = [],
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
			...causes,
		].join("; "),
	);
}
