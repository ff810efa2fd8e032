import { describe, expect, test } from "vitest";
import { findLostOfOthers } from "./foreign-series.ts";
import { listNodeSeries, stateSeries } from "./promised-series.ts";

const scrapePool = "serviceMonitor/monitoring/kube-state-metrics/0";

describe("of kube-state-metrics", () => {
	const targets = [
		{ scrapePool, labels: { job: "kube-state-metrics", instance: "10.0.0.1" } },
	];
	const find = (...metric_relabel_configs: object[]) =>
		findLostOfOthers(stateSeries, targets, [
			{ job_name: scrapePool, scrape_interval: "1m", metric_relabel_configs },
		]);

	test("a namespace that is not here is dropped", () => {
		expect(
			find({
				source_labels: ["__name__", "namespace"],
				regex: "kube_pod_.+;media",
				action: "drop",
			}),
		).toEqual([
			`kube_pod_status_phase of namespace media would not be stored as it is: metric relabelling of ${scrapePool} drops or changes them (drop of __name__, namespace matching kube_pod_.+;media)`,
			expect.stringMatching(
				/^kube_pod_container_status_waiting_reason of namespace media /,
			),
		]);
	});

	test.each([
		[
			"by a list of several",
			{ source_labels: ["namespace"], regex: "games|media", action: "drop" },
			/of namespace media /,
		],
		[
			"by a list of what is kept",
			{
				source_labels: ["namespace"],
				regex: "|default|kube-.+|monitoring",
				action: "keep",
			},
			/of namespace some-namespace /,
		],
		[
			"by a pod's name",
			{ source_labels: ["pod"], regex: "plex-.+", action: "drop" },
			/kube_pod_status_phase of pod plex-/,
		],
		[
			"by a node's name",
			{
				source_labels: ["__name__", "node"],
				regex: "kube_node_status_condition;nas",
				action: "drop",
			},
			/^kube_node_status_condition of node nas /,
		],
		[
			"by another name",
			{
				source_labels: ["namespace"],
				regex: "media",
				target_label: "namespace",
				replacement: "apps",
			},
			/of namespace media /,
		],
	])("some are lost %s", (_, rule, message) => {
		expect(find(rule).join("\n")).toMatch(message);
	});

	test("a rule may decide by a copy", () => {
		expect(
			find(
				{ source_labels: ["namespace"], target_label: "__tmp_namespace" },
				{ source_labels: ["__tmp_namespace"], regex: "media", action: "drop" },
			).join("\n"),
		).toMatch(/of namespace media /);
	});

	test.each([
		[
			"a metric's name alone",
			{ source_labels: ["__name__"], regex: "kube_pod_.+", action: "drop" },
		],
		[
			"metrics that are not promised",
			{
				source_labels: ["__name__", "namespace"],
				regex: "kube_pod_tolerations;media",
				action: "drop",
			},
		],
		[
			"other labels",
			{
				source_labels: ["__name__", "phase"],
				regex: "kube_pod_status_phase;Unknown",
				action: "drop",
			},
		],
		[
			"what has no namespace",
			{
				source_labels: ["__name__", "namespace"],
				regex: "up;",
				action: "drop",
			},
		],
		["a label more", { source_labels: ["namespace"], target_label: "team" }],
		[
			"one of two ways to a volume claim's capacity",
			{
				source_labels: ["__name__", "namespace"],
				regex: "kube_persistentvolumeclaim_info;media",
				action: "drop",
			},
		],
	])("%s takes nothing away", (_, rule) => {
		expect(find(rule)).toEqual([]);
	});
});

describe("of Node Exporter", () => {
	const targets = ["large", "small"].map((node, i) => ({
		scrapePool,
		labels: {
			job: "node-exporter",
			instance: `10.0.0.${i}:9100`,
			node,
			pod: `x-${node}`,
		},
	}));
	const find = (...metric_relabel_configs: object[]) =>
		findLostOfOthers(listNodeSeries(targets), targets, [
			{ job_name: scrapePool, scrape_interval: "1m", metric_relabel_configs },
		]);

	test("a node that is not here has none of some series", () => {
		expect(
			find({
				source_labels: ["node", "__name__"],
				regex: "nas;node_disk_.+",
				action: "drop",
			}),
		).toHaveLength(2);
		expect(
			find({
				source_labels: ["instance"],
				regex: "10[.]0[.]0[.]9:9100",
				action: "drop",
			}).join("\n"),
		).toMatch(/^node_cpu_seconds_total of instance 10\.0\.0\.9:9100 /);
	});

	test("what says nothing of a machine may be dropped, and series be named after nodes", () => {
		expect(
			find(
				{
					source_labels: ["node", "device"],
					regex: "nas;(loop|ram|veth).+",
					action: "drop",
				},
				{ source_labels: ["node"], target_label: "instance" },
				{ source_labels: ["instance"], regex: ".+", action: "keep" },
				{ source_labels: ["job"], regex: "coredns", action: "drop" },
				{ source_labels: ["pod"], regex: "plex-.+", action: "drop" },
			),
		).toEqual([]);
	});
});
