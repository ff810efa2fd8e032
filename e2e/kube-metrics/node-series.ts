import type { ActiveTarget, InstantSeries } from "../clients/prometheus.ts";

/** What tells if a node is healthy, each by a series that Node Exporter has of it. */
export const nodeFamilies = {
	CPU: "node_cpu_seconds_total",
	memory: "node_memory_MemAvailable_bytes",
	disk: "node_disk_read_bytes_total",
	network: "node_network_receive_bytes_total",
	filesystem: "node_filesystem_avail_bytes",
} as const;

/** The node that a target's pod runs on, by the labels `job` and `instance` of its series. */
export function mapNodes(
	targets: readonly ActiveTarget[],
): (series: InstantSeries) => string | undefined {
	const nodes = new Map(
		targets.map(({ labels, discoveredLabels }) => [
			`${labels.job} ${labels.instance}`,
			discoveredLabels.__meta_kubernetes_pod_node_name,
		]),
	);
	return ({ metric }) => nodes.get(`${metric.job} ${metric.instance}`);
}

/** A sentence for each node of which a family of series is missing. */
export function findMissingFamilies(
	found: ReadonlyMap<string, readonly (string | undefined)[]>,
	nodes: readonly string[],
): string[] {
	return Object.entries(nodeFamilies).flatMap(([family, series]) => {
		const bare = nodes.filter((node) => !found.get(series)?.includes(node));
		return bare.length > 0
			? [`no ${family} series (${series}) of ${bare.join(", ")}`]
			: [];
	});
}
