import { expect, test } from "vitest";
import {
	countKnown,
	explainNone,
	findMisplaced,
	takeContainerTargets,
} from "./container-series.ts";

const pool = "serviceMonitor/monitoring/kubelet/1";

const pods = [
	["grafana-0", "monitoring"],
	["app-1", "media"],
	["coredns-1", "kube-system"],
].map(([name = "", namespace]) => ({
	metadata: {
		name,
		namespace,
		uid: "",
		labels: {},
		annotations: {},
		ownerReferences: [],
	},
}));

const find = (series: Record<string, string>[], config: object = {}) =>
	findMisplaced({
		series,
		pods,
		targets: [{ scrapePool: pool }],
		configs: [{ job_name: pool, scrape_interval: "1m", ...config }],
	});

test("series in the namespaces of their pods are right; those of deleted pods are not judged", () => {
	const series = [
		{ pod: "grafana-0", namespace: "monitoring" },
		{ pod: "coredns-1", namespace: "kube-system" },
		{ pod: "gone", namespace: "other" },
		{ namespace: "kube-system" },
	];
	expect(find(series)).toEqual([]);
	expect(countKnown(series, pods)).toBe(2);
});

test("series that all have the namespace of the kubelet's Service are told with honor_labels", () => {
	const series = pods.map(({ metadata }) => ({
		pod: metadata.name,
		namespace: "kube-system",
		exported_namespace: metadata.namespace ?? "",
	}));
	const found = find(series);
	expect(found).toHaveLength(2);
	expect(found[0]).toMatch(
		/^container_memory_working_set_bytes of 1 pods of namespace monitoring, such as grafana-0, has namespace kube-system; pool serviceMonitor\/monitoring\/kubelet\/1 has honor_labels: false.*exported_namespace/,
	);
	expect(find(series, { honor_labels: true })[0]).toMatch(
		/has namespace kube-system$/,
	);
});

test("a namespace that was taken away is none", () => {
	expect(find([{ pod: "app-1" }], { honor_labels: true })).toEqual([
		"container_memory_working_set_bytes of 1 pods of namespace media, such as app-1, has no namespace",
	]);
});

test("cAdvisor's targets are known by their path, whatever relabelling makes of it", () => {
	const make = (path: string, health: "up" | "down") => ({
		discoveredLabels: { __metrics_path__: path },
		health,
	});
	const cAdvisor = make("/metrics/cadvisor", "up");
	expect(
		takeContainerTargets([
			cAdvisor,
			make("/metrics", "up"),
			make("/metrics/cadvisor", "down"),
		]),
	).toEqual([cAdvisor]);
});

test("without any series of a pod, the step that drops them is told", () => {
	const drop = {
		source_labels: ["__name__"],
		regex: "container_.+",
		action: "drop",
	};
	const config = {
		job_name: pool,
		scrape_interval: "1m",
		metric_relabel_configs: [drop],
	};
	expect(
		explainNone([{ labels: {}, scrapePool: pool }], pods, [config]),
	).toEqual([
		expect.stringMatching(/drop of __name__ matching container_\.\+/),
	]);
});
