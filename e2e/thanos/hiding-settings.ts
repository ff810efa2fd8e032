import type { Pod } from "../clients/kube-objects.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import { formatDuration, parseDuration } from "../common/duration.ts";
import { findShortThanosLookback } from "../scraping/lookback.ts";
import { lastValueOf } from "./arguments.ts";
import {
	findDroppedLabels,
	findHidingLabels,
	listFurtherLabels,
	selectOwnValues,
} from "./external-labels.ts";

/** Milliseconds that a query over months of a homelab may take, with its blocks in an object store. */
const longQuery = 10_000;

/** A sentence if a query may take less time than one over months does. @param timeout as told; undefined for its own */
export function findShortTime(who: string, timeout = "2m"): string[] {
	return parseDuration(timeout) < longQuery
		? [
				`${who} ends each query after ${timeout} (--query.timeout): one over months may take longer, so give it ${formatDuration(longQuery)} or more`,
			]
		: [];
}

/** "Scrape interval: 60 seconds", in milliseconds. */
const scrapeInterval = 60_000;

/** Reads the arguments of Thanos' query and of its compactor. */
interface Told {
	readonly query: () => Promise<readonly string[]>;
	readonly compactor: () => Promise<readonly string[]>;
}

/**
 * A sentence for each setting by which a long-term query shows gaps, or series without what tells them apart.
 *
 * @param pod of that Prometheus
 */
export async function readHidingSettings(
	prometheus: PrometheusClient,
	pod: Pick<Pod, "metadata">,
	told: Told,
): Promise<string[]> {
	const { global } = await prometheus.config();
	const flags = await prometheus.flags();
	const ofQuery = await told.query();
	const lookback = lastValueOf(ofQuery, "query.lookback-delta");
	const external = global.external_labels;
	const stored = await Promise.all(
		listFurtherLabels(external).map(async (name) => {
			const found = await prometheus.query(selectOwnValues(name));
			return [name, found.map(({ metric }) => metric[name] ?? "")] as const;
		}),
	);
	return [
		...findHidingLabels(external, Object.fromEntries(stored)),
		...findDroppedLabels(await told.compactor(), external, pod),
		...findShortThanosLookback(lookback, scrapeInterval),
		...findShortTime("Prometheus", flags["query.timeout"]),
		...findShortTime("Thanos' query", lastValueOf(ofQuery, "query.timeout")),
	];
}
