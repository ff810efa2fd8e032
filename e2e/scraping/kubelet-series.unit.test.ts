import { expect, test } from "vitest";
import {
	findMissingOfKubelets,
	listNotScraped,
	listUntried,
	takeKubelets,
} from "./kubelet-series.ts";

const pool = "serviceMonitor/monitoring/kubelet/1";
const metric = "container_memory_working_set_bytes";

function makeTarget(node: string, path = "/metrics/cadvisor") {
	const slice = "__meta_kubernetes_endpointslice_address_target";
	return {
		scrapePool: pool,
		labels: { job: "kubelet", instance: `${node}:10250`, node },
		scrapeUrl: `https://${node}:10250${path}`,
		discoveredLabels: {
			__address__: `${node}:10250`,
			[`${slice}_kind`]: "Node",
			[`${slice}_name`]: node,
		},
		health: "up" as const,
	};
}

const targets = [makeTarget("large"), makeTarget("small")];
const configs = [
	{
		job_name: pool,
		scrape_interval: "1m",
		metric_relabel_configs: [
			{
				source_labels: ["node", "__name__"],
				regex: "small;container_.+",
				action: "drop",
			},
		],
	},
];

function find(...nodes: readonly string[]) {
	const found = new Set(
		nodes.map((node) => `job kubelet, instance ${node}:10250`),
	);
	return findMissingOfKubelets(metric, { targets, found, configs });
}

test("a node without what others have is reported with what drops it", () => {
	const [problem, ...others] = find("large");
	expect(others).toEqual([]);
	expect(problem).toMatch(
		`no series ${metric} of node small in pool ${pool}, which has those of other nodes: `,
	);
	expect(problem).toMatch("small;container_.+");
});

test("what each has is as it should be, and where none is scraped there is nothing to miss", () => {
	const found = new Set(
		targets.map(({ labels }) => `job kubelet, instance ${labels.instance}`),
	);
	const judge = (of: typeof targets) =>
		findMissingOfKubelets(metric, { targets: of, found, configs: [] });
	expect(judge(targets)).toEqual([]);
	expect(judge([])).toEqual([]);
});

test("what no node has is missing of each", () => {
	const missing = find();
	expect(missing).toHaveLength(2);
	expect(missing[0]).toMatch(
		`no series ${metric} of node large in pool ${pool}, which has none of any node`,
	);
});

test("a path at which no kubelet is scraped is named", () => {
	const all = [...targets, makeTarget("large", "/metrics")];
	expect(listNotScraped(all)).toEqual([]);
	expect(listNotScraped(targets)).toEqual([
		"no kubelet is scraped at /metrics: whether Prometheus has kubelet_running_pods of each was not judged",
	]);
	// One that is down is another test's.
	const down = all.map((each) => ({ ...each, health: "down" as const }));
	expect(listNotScraped(down)).toEqual([]);
	expect(listNotScraped([])).toHaveLength(2);
});

test("kubelets are the targets that are nodes, at their path", () => {
	const pod = { ...makeTarget("x"), discoveredLabels: {} };
	const down = { ...makeTarget("y"), health: "down" as const };
	const other = makeTarget("z", "/metrics");
	const discoveredLabels = {
		__address__: "n:10250",
		__meta_kubernetes_node_name: "n",
	};
	const role = { ...makeTarget("n"), discoveredLabels };
	expect(
		takeKubelets([...targets, pod, down, other, role], "/metrics/cadvisor"),
	).toEqual([...targets, role]);
});

test("a node that is scraped elsewhere is no kubelet", () => {
	const path = "/metrics";
	const [kubelet] = [makeTarget("large", path)];
	const at = (scrapeUrl: string) => ({ ...kubelet, scrapeUrl });
	const exporter = at("http://large:9100/metrics");
	const proxied = at("https://kubernetes.default.svc:443/metrics");
	const byName = at("https://large.home.example:10250/metrics");
	expect(takeKubelets([kubelet, exporter, proxied, byName], path)).toEqual([
		kubelet,
		byName,
	]);
	// What relabelling makes of the path counts.
	const containers = at("https://large:10250/metrics/cadvisor?a=b");
	expect(takeKubelets([containers], path)).toEqual([]);
	expect(takeKubelets([containers], "/metrics/cadvisor")).toHaveLength(1);
});

test("a kubelet that was not scraped yet is waited for, another target is not", () => {
	const large = makeTarget("large");
	const other = makeTarget("small", "/probes");
	const health = "unknown" as const;
	expect(
		listUntried([{ ...large, health }, { ...other, health }, ...targets]),
	).toEqual([`${large.scrapeUrl} was not scraped yet`]);
	expect(listUntried(targets)).toEqual([]);
});
