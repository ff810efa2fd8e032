import { partition } from "es-toolkit";
import type { PrometheusClient } from "../clients/prometheus.ts";
import type { InstantSeries } from "../clients/prometheus-schemas.ts";
import { type NotYet, notYet } from "../common/eventually.ts";
import { makeSelector } from "../common/promql/expressions.ts";
import { explainLost } from "./lost-series.ts";
import {
	bulkMetric,
	type SamplePod,
	sampleContainer,
	sampleMetric,
} from "./sample-pods.ts";
import { activeTargetsOf } from "./sightings.ts";

/** A value that Prometheus has stored, with the namespace and pod in its labels. */
export interface StoredValue {
	readonly namespace: string;
	readonly pod: string;
	readonly value: number;
}

/** The values of a sample pod's metric that Prometheus has stored; it must have some. */
export async function readSampleValues(
	prometheus: PrometheusClient,
	pod: SamplePod,
): Promise<StoredValue[] | NotYet> {
	const found = await querySampleValues(prometheus, pod);
	if (found.length > 0) return found;
	const exposed = { __name__: sampleMetric, sample: pod.sample };
	const causes = await explain(prometheus, pod, [exposed]);
	return notYet(["it has no series", ...causes].join("; "));
}

/** The same, but there may be none. */
export async function querySampleValues(
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
	const { sample, bulk = 0 } = pod;
	const selector = makeSelector(bulkMetric, { sample });
	const counts = await prometheus.query(
		`count by (namespace, pod, container) (${selector})`,
	);
	const why = whyNotComplete(counts, pod);
	if (!why) return undefined;
	// A rule may be about numbers of some length.
	const exposed = [0, Math.floor(bulk / 2), bulk - 1].map((number) => ({
		__name__: bulkMetric,
		sample,
		number: String(number),
	}));
	const causes = await explain(prometheus, pod, exposed);
	return notYet([why.reason, ...causes].join("; "));
}

async function explain(
	prometheus: PrometheusClient,
	pod: SamplePod,
	exposed: readonly Readonly<Record<string, string>>[],
): Promise<string[]> {
	const { active } = await prometheus.targets({ state: "active" });
	const { scrape_configs } = await prometheus.config();
	const targets = activeTargetsOf({ active }, pod);
	return explainLost(targets, pod, exposed, scrape_configs);
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
