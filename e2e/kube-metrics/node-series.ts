import type { PrometheusClient } from "../clients/prometheus.ts";
import type {
	ActiveTarget,
	InstantSeries,
} from "../clients/prometheus-schemas.ts";
import { makeSelector } from "../common/promql.ts";
import {
	findTargetsOf,
	promisedComponent,
} from "../scraping/promised-targets.ts";
import type { Facts } from "./truth.ts";

const nodeExporter = promisedComponent("Node Exporter");

/** What shows whether a node is healthy, each with a series of Node Exporter. */
export const nodeFamilies = {
	CPU: "node_cpu_seconds_total",
	memory: "node_memory_MemAvailable_bytes",
	disk: "node_disk_read_bytes_total",
	network: "node_network_receive_bytes_total",
	filesystem: "node_filesystem_avail_bytes",
} as const;

type NodeOf = (series: InstantSeries) => string | undefined;

/** The node that a target's pod runs on, by the labels `job` and `instance` of its series. */
function mapNodes(targets: readonly ActiveTarget[]): NodeOf {
	const nodes = new Map(
		targets.map(({ labels, discoveredLabels }) => [
			`${labels.job} ${labels.instance}`,
			discoveredLabels.__meta_kubernetes_pod_node_name,
		]),
	);
	return ({ metric }) => nodes.get(`${metric.job} ${metric.instance}`);
}

async function mapNodeExporters(prometheus: PrometheusClient): Promise<NodeOf> {
	const { active } = await prometheus.targets({ state: "active" });
	return mapNodes(await findTargetsOf(nodeExporter, active, prometheus));
}

/**
 * The nodes of which Prometheus has each family of series, by the family's series.
 *
 * @param since milliseconds: only newer samples count, because a series can be queried until its target's next scrape
 */
export async function findNodesByFamily(
	prometheus: PrometheusClient,
	since: number,
): Promise<ReadonlyMap<string, readonly (string | undefined)[]>> {
	const nodeOf = await mapNodeExporters(prometheus);
	const found = await Promise.all(
		Object.values(nodeFamilies).map(async (series) => {
			const groups = await prometheus.query(
				`group by (job, instance) (timestamp(${series}) > ${since / 1000})`,
			);
			return [series, groups.map(nodeOf)] as const;
		}),
	);
	return new Map(found);
}

/** A sentence for each family of series that some nodes do not have. */
export function findMissingFamilies(
	found: ReadonlyMap<string, readonly (string | undefined)[]>,
	nodes: readonly string[],
): string[] {
	return Object.entries(nodeFamilies).flatMap(([family, series]) => {
		const missing = nodes.filter((node) => !found.get(series)?.includes(node));
		return missing.length > 0
			? [`no ${family} series (${series}) of ${missing.join(", ")}`]
			: [];
	});
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
	const nodeOf = await mapNodeExporters(prometheus);
	const newer = (series: string) =>
		`(${series} and timestamp(${series}) > ${since / 1000})`;
	const read = async (what: string, expression: string) => {
		const series = await prometheus.query(expression);
		return series.map((each) => [`${nodeOf(each)}/${what}`, each.value.value]);
	};
	return Object.fromEntries([
		...(await read(
			"cpu",
			`count by (job, instance) ${newer(makeSelector(nodeFamilies.CPU, { mode: "idle" }))}`,
		)),
		...(await read("memory", newer("node_memory_MemTotal_bytes"))),
	]);
}
