import { expect, test } from "vitest";
import type { PrometheusClient } from "../../clients/prometheus.ts";
import type {
	ActiveTarget,
	ScrapeConfig,
} from "../../clients/prometheus-schemas.ts";
import type { PromisedComponent } from "../promised-targets.ts";
import { findBrokenPromises } from "./broken-promises.ts";

const pool = "serviceMonitor/n/m/0";

function makeTarget(
	instance: string,
	image?: string,
	node?: string,
): ActiveTarget {
	return {
		discoveredLabels: {
			...(image ? { __meta_kubernetes_pod_container_image: image } : {}),
			...(node ? { __meta_kubernetes_pod_node_name: node } : {}),
		},
		labels: { job: "minio", instance },
		scrapePool: pool,
		scrapeUrl: `http://${instance}/metrics`,
		lastError: "",
		lastScrape: "",
		health: "up",
	};
}

/** @param stored the targets' instances by the queries that yield them */
function makePrometheus(
	active: readonly ActiveTarget[],
	stored: Readonly<Record<string, readonly string[]>>,
	config: Partial<ScrapeConfig> = {},
): Pick<PrometheusClient, "targets" | "config" | "query"> {
	return {
		targets: () =>
			Promise.resolve({ active: [...active], dropped: [], droppedCounts: {} }),
		config: () =>
			Promise.resolve({
				global: { scrape_interval: "1m", external_labels: {} },
				scrape_configs: [{ job_name: pool, scrape_interval: "1m", ...config }],
			}),
		query: (expression) => {
			const instances = Object.entries(stored).find(([name]) =>
				expression.includes(name),
			)?.[1];
			const value = { timestamp: 0, value: 1 };
			return Promise.resolve(
				(instances ?? []).map((instance) => ({
					metric: { job: "minio", instance },
					value,
				})),
			);
		},
	};
}

const minio: PromisedComponent = {
	component: "MinIO",
	series: ["minio_cluster", "minio_node"],
};
const byImage = { ...minio, image: "minio" };
const ground = { nodes: [], daemonSets: [], since: 0 };

test("a target of which relabelling drops every sample is reported, too", async () => {
	const image = "quay.io/minio/minio:v1";
	const active = [makeTarget("a:1", image), makeTarget("b:1", image)];
	const all = { minio_cluster: ["a:1", "b:1"], minio_node: ["a:1", "b:1"] };
	const emptied = { ...all, scrape_samples_post_metric_relabeling: ["a:1"] };
	expect(
		await findBrokenPromises(
			[byImage],
			makePrometheus(active, emptied),
			ground,
		),
	).toEqual([
		"MinIO: metric relabelling of serviceMonitor/n/m/0 drops every sample of http://a:1/metrics",
	]);
});

test.each([
	["known by its image", byImage, "minio/minio"],
	["known by series", minio, undefined],
])(
	"each series of a component %s must be there",
	async (_, component, image) => {
		const active = [makeTarget("a:1", image)];
		const find = (stored: Readonly<Record<string, string[]>>) =>
			findBrokenPromises([component], makePrometheus(active, stored), ground);
		expect(await find({ minio_cluster: ["a:1"], minio_node: ["a:1"] })).toEqual(
			[],
		);
		expect(await find({ minio_cluster: ["a:1"] })).toEqual([
			"MinIO: Prometheus has no series minio_node from any target",
		]);
		expect(await find({})).toHaveLength(2);
	},
);

test("the relabelling that drops all of a component's own series is named", async () => {
	const metric_relabel_configs = [
		{ source_labels: ["__name__"], regex: "(minio|x)_.+", action: "drop" },
	];
	const prometheus = makePrometheus(
		[makeTarget("a:1", "minio")],
		{},
		{ metric_relabel_configs },
	);
	expect(await findBrokenPromises([byImage], prometheus, ground)).toEqual(
		minio.series.map(
			(series) =>
				`MinIO: Prometheus has no series ${series} from any target: metric relabelling of ${pool} drops or changes them (drop of __name__ matching (minio|x)_.+)`,
		),
	);
});

test("one target's series do not stand for those of the others in its pool", async () => {
	const active = [makeTarget("a:1", "minio"), makeTarget("b:1", "minio")];
	const stored = { minio_cluster: ["a:1", "b:1"], minio_node: ["a:1"] };
	expect(
		await findBrokenPromises([byImage], makePrometheus(active, stored), ground),
	).toEqual([
		`MinIO: no series minio_node of http://b:1/metrics in ${pool}, which has it of others`,
	]);
});

test("only samples count that are new enough", async () => {
	const asked: string[] = [];
	const prometheus = makePrometheus([], {});
	await findBrokenPromises(
		[minio],
		{
			...prometheus,
			query: (expression) => {
				asked.push(expression);
				return prometheus.query(expression);
			},
		},
		{ ...ground, since: 5000 },
	);
	expect(asked).toContain(
		"group by (job, instance) (timestamp(minio_node) > 5)",
	);
});

test("what leaves out a node that this cluster does not have is reported", async () => {
	const everywhere: PromisedComponent = { ...byImage, on: "every node" };
	const stored = { minio_cluster: ["a:1"], minio_node: ["a:1"] };
	const relabel_configs = [
		{
			source_labels: ["__meta_kubernetes_pod_node_name"],
			regex: "nas",
			action: "drop",
		},
	];
	const find = (config: Partial<ScrapeConfig>, nodes = ["one"]) =>
		findBrokenPromises(
			[everywhere],
			makePrometheus([makeTarget("a:1", "minio", "one")], stored, config),
			{ ...ground, nodes },
		);
	expect(await find({})).toEqual([]);
	expect(await find({ relabel_configs })).toEqual([
		`MinIO: relabelling of ${pool} leaves out nodes: it has a rule "drop" for __meta_kubernetes_pod_node_name, regex "nas". The homelab promises it on every node`,
	]);
	expect(await find({}, ["one", "two"])).toEqual([
		`MinIO: no target on node two; those of other nodes are in ${pool}`,
	]);
	expect(await find({}, [])).toEqual(["MinIO: the cluster has no node"]);
});
