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

/** The node that a series is about. */
export type NodeOf = (series: InstantSeries) => string | undefined;

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

/** Node Exporter's targets among others. */
export function listNodeExporters(
	prometheus: PrometheusClient,
	active: readonly ActiveTarget[],
): Promise<ActiveTarget[]> {
	return findTargetsOf(nodeExporter, active, prometheus);
}

/** The nodes of Node Exporter's series. */
export async function mapNodeExporters(
	prometheus: PrometheusClient,
): Promise<NodeOf> {
	const { active } = await prometheus.targets({ state: "active" });
	return mapNodes(await listNodeExporters(prometheus, active));
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
			`count by (job, instance) ${newer(makeSelector("node_cpu_seconds_total", { mode: "idle" }))}`,
		)),
		...(await read("memory", newer("node_memory_MemTotal_bytes"))),
	]);
}
