import { expect, test } from "vitest";
import { findAlikeNodes, mapNodes } from "./node-series.ts";

const scrapePool = "serviceMonitor/monitoring/node-exporter/0";
const targets = ["small", "large"].map((node) => ({
	scrapePool,
	labels: { job: "node-exporter", instance: `${node}:9100`, node },
	discoveredLabels: { __meta_kubernetes_pod_node_name: node },
}));
const metric = "node_load1";

function look(metric_relabel_configs: object[], instance: string) {
	const configs = [
		{ job_name: scrapePool, scrape_interval: "1m", metric_relabel_configs },
	];
	const nodeOf = mapNodes(targets, metric, configs);
	return {
		node: nodeOf({
			metric: { job: "node-exporter", instance },
			value: { timestamp: 0, value: 1 },
		}),
		alike: findAlikeNodes(targets, [metric], configs),
	};
}

test("a series belongs to the node whose target has its job and instance", () => {
	expect(look([], "small:9100")).toEqual({ node: "small", alike: [] });
	expect(look([], "other:9100").node).toBeUndefined();
});

test("series may have other instances than their targets, as long as the nodes differ", () => {
	const byNode = [{ source_labels: ["node"], target_label: "instance" }];
	expect(look(byNode, "large")).toEqual({ node: "large", alike: [] });
});

test("nodes that relabelling makes alike are reported", () => {
	const same = [{ target_label: "instance", replacement: "homelab" }];
	expect(look(same, "homelab")).toEqual({
		node: undefined,
		alike: [
			`the series node_load1 of small, large all have job node-exporter, instance homelab: metric relabelling of ${scrapePool} makes the nodes alike`,
		],
	});
	const ofOthers = [
		{ ...same[0], source_labels: ["__name__"], regex: "node_disk_.+" },
	];
	expect(look(ofOthers, "small:9100")).toEqual({ node: "small", alike: [] });
});
