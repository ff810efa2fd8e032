import type { PrometheusClient } from "../clients/prometheus.ts";
import type {
	ActiveTarget,
	InstantSeries,
	ScrapeConfig,
} from "../clients/prometheus-schemas.ts";
import { makeSelector } from "../common/promql/expressions.ts";
import {
	findTargetsOf,
	promisedComponent,
} from "../scraping/promised-targets.ts";
import { keyOfSeries, sourceOf } from "../scraping/series-labels.ts";
import type { Facts } from "./truth.ts";

const nodeExporter = promisedComponent("Node Exporter");

/** The node that a series is about. */
export type NodeOf = (series: InstantSeries) => string | undefined;

/**
 * The node that each target's pod runs on, by the labels `job` and `instance` that its series of a metric have. Targets that
 * relabelling has given the same ones cannot be told apart.
 */
export function mapNodes(
	targets: readonly Pick<
		ActiveTarget,
		"labels" | "scrapePool" | "discoveredLabels"
	>[],
	metric: string,
	configs: readonly ScrapeConfig[],
): NodeOf {
	const byKey = groupNodes(targets, metric, configs);
	return (series) => {
		const [node, ...others] = byKey.get(sourceOf(series.metric)) ?? [];
		return others.length === 0 ? node : undefined;
	};
}

/** A sentence for each metric whose series of several nodes relabelling has made alike. */
export function findAlikeNodes(
	targets: Parameters<typeof mapNodes>[0],
	metrics: readonly string[],
	configs: readonly ScrapeConfig[],
): string[] {
	return metrics.flatMap((metric) =>
		[...groupNodes(targets, metric, configs)]
			.filter(([, nodes]) => nodes.length > 1)
			.map(
				([key, nodes]) =>
					`the series ${metric} of ${nodes.join(", ")} all have ${key}: metric relabelling of ${[...new Set(targets.map(({ scrapePool }) => scrapePool))].join(", ")} makes the nodes alike`,
			),
	);
}

function groupNodes(
	targets: Parameters<typeof mapNodes>[0],
	metric: string,
	configs: readonly ScrapeConfig[],
): Map<string, string[]> {
	const groups = Map.groupBy(targets, (target) =>
		keyOfSeries(target, metric, configs),
	);
	return new Map(
		[...groups].map(([key, own]) => [
			key,
			[
				...new Set(
					own.flatMap(
						({ discoveredLabels }) =>
							discoveredLabels.__meta_kubernetes_pod_node_name ?? [],
					),
				),
			],
		]),
	);
}

/** Node Exporter's targets among others. */
export function listNodeExporters(
	prometheus: PrometheusClient,
	active: readonly ActiveTarget[],
): Promise<ActiveTarget[]> {
	return findTargetsOf(nodeExporter, active, prometheus);
}

/** The nodes of Node Exporter's series, by their metric. */
export async function mapNodeExporters(
	prometheus: PrometheusClient,
): Promise<(metric: string) => NodeOf> {
	const { active } = await prometheus.targets({ state: "active" });
	const { scrape_configs } = await prometheus.config();
	const targets = await listNodeExporters(prometheus, active);
	return (metric) => mapNodes(targets, metric, scrape_configs);
}

/**
 * The number of CPUs and the bytes of memory of each node, from Node Exporter: by `<node>/cpu` and `<node>/memory`.
 *
 * @param since milliseconds: only newer samples count, because a replaced pod would be counted with its successor
 */
export async function readHardware(
	prometheus: PrometheusClient,
	since: number,
): Promise<Facts> {
	const nodeOfSeries = await mapNodeExporters(prometheus);
	const newer = (series: string) =>
		`(${series} and timestamp(${series}) > ${since / 1000})`;
	const read = async (what: string, metric: string, expression: string) => {
		const series = await prometheus.query(expression);
		const nodeOf = nodeOfSeries(metric);
		return series.flatMap((each) => {
			const node = nodeOf(each);
			// Another job may ask Node Exporter, too, or another program of that kind.
			return node === undefined ? [] : [[`${node}/${what}`, each.value.value]];
		});
	};
	return Object.fromEntries([
		...(await read(
			"cpu",
			"node_cpu_seconds_total",
			`count by (job, instance) ${newer(makeSelector("node_cpu_seconds_total", { mode: "idle" }))}`,
		)),
		...(await read(
			"memory",
			"node_memory_MemTotal_bytes",
			newer("node_memory_MemTotal_bytes"),
		)),
	]);
}
