import { expect, test } from "vitest";
import { minimalSeries } from "./minimal-series.ts";
import { explainMissingSeries } from "./why-missing.ts";

const pools = {
	node: "serviceMonitor/monitoring/node-exporter/0",
	state: "serviceMonitor/monitoring/kube-state-metrics/0",
};

function explain(
	family: string,
	{
		args = [],
		relabelling = [],
		node = "small",
	}: { args?: string[]; relabelling?: object[]; node?: string },
): string[] {
	const wanted = minimalSeries.find((each) => each.family === family);
	const [metric] = wanted?.metrics ?? [];
	if (!wanted || !metric) throw new Error(`no family ${family}`);
	const configs = Object.values(pools).map((job_name) => ({
		job_name,
		scrape_interval: "1m",
		honor_labels: true,
		metric_relabel_configs: relabelling,
	}));
	return explainMissingSeries(
		{
			exporters: [
				{
					scrapePool: pools.node,
					labels: { kubernetes_node: "small" },
					node: "small",
					args,
				},
			],
			state: {
				scope: { cause: undefined, leftOut: [] },
				targets: [{ scrapePool: pools.state, labels: {} }],
				configs,
			},
			configs,
		},
		wanted,
		metric,
		node,
	);
}

test("the step that drops a node's series is told, be it by a device", () => {
	const drop = {
		source_labels: ["kubernetes_node", "__name__", "device"],
		regex: "small;node_network_.+;(eth|en).*",
		action: "drop",
	};
	expect(
		explain("network", {
			relabelling: [drop],
			args: ["--collector.netdev.device-exclude=^veth.*$"],
		}),
	).toEqual([
		`metric relabelling of ${pools.node} drops or changes them (drop of kubernetes_node, __name__, device matching small;node_network_.+;(eth|en).*)`,
	]);
});

test("so is the one that drops some conditions of a node", () => {
	const drop = {
		source_labels: ["__name__", "node", "condition"],
		regex: "kube_node_status_condition;small;.+Pressure",
		action: "drop",
	};
	expect(explain("node condition", { relabelling: [drop] })).toEqual([
		expect.stringMatching(/kube-state-metrics\/0 drops or changes them/),
	]);
	expect(
		explain("node condition", { relabelling: [drop], node: "large" }),
	).toEqual([]);
});

test("else the arguments of the node's exporter are", () => {
	expect(
		explain("CPU", { args: ["--path.rootfs=/x", "--no-collector.cpu"] }),
	).toEqual(["Node Exporter has --no-collector.cpu"]);
	expect(explain("memory", { node: "large" })).toEqual([
		"Prometheus has no series of a Node Exporter there",
	]);
});
