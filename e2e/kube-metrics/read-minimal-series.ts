import { pod } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import type {
	ActiveTarget,
	ScrapeConfig,
} from "../clients/prometheus-schemas.ts";
import { findDroppedOfMachines } from "./machine-series.ts";
import {
	type FoundSeries,
	minimalSeries,
	type ReadSeries,
} from "./minimal-series.ts";
import { findHidingFlags, findListingFlags } from "./node-exporter-flags.ts";
import { findOwnNetworks } from "./node-network.ts";
import {
	findAlikeNodes,
	listNodeExporters,
	mapNodeExporters,
	type NodeOf,
} from "./node-series.ts";
import type { StateSource } from "./state/state-source.ts";
import { argumentsOf, takePodsOf } from "./target-pods.ts";
import { explainMissingSeries, type NodeExporter } from "./why-missing.ts";

/**
 * The wanted series that Prometheus has, one for each node and value of the label.
 *
 * @param since milliseconds: only newer samples count, because a series can be queried until its target's next scrape
 * @param state where kube-state-metrics' series come from
 */
export async function readMinimalSeries(
	prometheus: PrometheusClient,
	since: number,
	kube: KubeClient,
	state: StateSource,
): Promise<ReadSeries> {
	const nodeOfExporter = await mapNodeExporters(prometheus);
	const nodeOfState = (): NodeOf => (series) => series.metric.node;
	const found = await Promise.all(
		minimalSeries.flatMap(({ component, metrics, label = "" }) => {
			const [by, nodeOfSeries] =
				component === "Node Exporter"
					? ["job, instance", nodeOfExporter]
					: ["node", nodeOfState];
			return metrics.map(async (metric): Promise<FoundSeries[]> => {
				const nodeOf = nodeOfSeries(metric);
				const groups = await prometheus.query(
					`group by (${label ? `${by}, ${label}` : by}) (timestamp(${metric}) > ${since / 1000})`,
				);
				return groups.map((each) => ({
					metric,
					node: nodeOf(each),
					value: each.metric[label] ?? "",
				}));
			});
		}),
	);
	const { active } = await prometheus.targets({ state: "active" });
	const { scrape_configs: configs } = await prometheus.config();
	const targets = await listNodeExporters(prometheus, active);
	const pods = await kube.list({ apiVersion: "v1", kind: "Pod" }, pod);
	const exporters = targets.flatMap((target) => {
		const node = target.discoveredLabels.__meta_kubernetes_pod_node_name;
		const args = argumentsOf(takePodsOf(target, pods));
		// One outside of the cluster is a person's own concern.
		return node === undefined ? [] : [{ ...target, node, args }];
	});
	const own = exporters.flatMap((target) => takePodsOf(target, pods));
	return {
		found: found.flat(),
		hidden: [...findHidden(exporters, configs), ...findOwnNetworks(own)],
		explain: (...missing) =>
			explainMissingSeries({ exporters, state, configs }, ...missing),
		listed: (wanted, node) =>
			wanted.component === "Node Exporter"
				? exporters
						.filter((each) => each.node === node)
						.flatMap(({ args }) => findListingFlags(wanted, args))
				: [],
	};
}

/** A node that is a container lacks some series of a machine, so what would become of those is read from the settings. */
function findHidden(
	exporters: readonly (NodeExporter & Pick<ActiveTarget, "discoveredLabels">)[],
	configs: readonly ScrapeConfig[],
): string[] {
	const ofNodeExporter = minimalSeries.filter(
		({ component }) => component === "Node Exporter",
	);
	const byFlags = exporters.flatMap(({ args }) =>
		findHidingFlags(minimalSeries, args),
	);
	return [
		...findAlikeNodes(
			exporters,
			ofNodeExporter.flatMap(({ metrics }) => metrics),
			configs,
		),
		...findDroppedOfMachines(minimalSeries, exporters, configs),
		...new Set(byFlags),
	];
}
