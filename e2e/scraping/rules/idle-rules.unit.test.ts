import { expect, test } from "vitest";
import { explainIdle } from "./idle-rules.ts";

const aMinute = 60_000;
const pool = "serviceMonitor/monitoring/kubelet/1";

/** @param stored the expressions that yield something, with the labels of their series if those matter */
function explain(
	expression: string,
	...stored: (string | readonly [string, Readonly<Record<string, string>>])[]
) {
	const known = new Map(
		stored.map((each) => (typeof each === "string" ? [each, {}] : each)),
	);
	return explainIdle(expression, {
		find: (asked) => {
			const inner =
				/^(?:count|group by \(job\) )\((?<inner>.*)\)$/.exec(asked)?.groups
					?.inner ?? asked;
			const found = known.get(inner);
			return Promise.resolve(found ? [found] : []);
		},
		interval: aMinute,
		retention: async () => 6 * 24 * 60 * aMinute,
		targets: [
			{ scrapePool: pool, labels: { job: "kubelet" }, discoveredLabels: {} },
		],
		configs: [
			{
				job_name: pool,
				scrape_interval: "1m",
				metric_relabel_configs: [
					{
						source_labels: ["__name__"],
						regex: "(container_cpu|node_disk)_.+",
						action: "drop",
					},
				],
			},
		],
		externalLabels: ["cluster"],
	});
}

test("a slip in a name or a value is no good reason", async () => {
	const alike = 'group by (__name__) ({__name__=~"node_.+"})';
	const there = [alike, { __name__: "node_load1" }] as const;
	expect(await explain("avg(node_load_1)", there)).toMatchObject({
		excused: false,
		why: "Prometheus has no series node_load_1: nothing exposes it, as it is node_load1 that targets expose",
	});
	expect(
		await explain("sum(minio_cluster_capasity_bytes)", [
			'group by (__name__) ({__name__=~"minio_.+"})',
			{ __name__: "minio_cluster_capacity_bytes" },
		]),
	).toMatchObject({ excused: false });
	expect(await explain("sum(minio_cluster_capasity_bytes)")).toMatchObject({
		excused: true,
	});
	const phases = "group by (phase) (kube_pod_status_phase)";
	const running = [phases, { phase: "Running" }] as const;
	expect(
		await explain(
			'sum(kube_pod_status_phase{phase="running"})',
			"kube_pod_status_phase",
			running,
		),
	).toMatchObject({
		excused: false,
		why: expect.stringContaining('and some have phase="Running"'),
	});
});

test.each([
	[
		"rate(apiserver_request_total[5m])",
		"no series apiserver_request_total: no target exposes it",
	],
	[
		"sum(container_cpu_usage_seconds_total)",
		`metric relabelling of ${pool} drops or changes them (drop of __name__ matching (container_cpu|node_disk)_.+)`,
	],
	["sum(node_cpu)", "exposes it: today it is node_cpu_seconds_total"],
	["sum(node_disk_read_bytes_total)", "drops or changes them"],
])("what the stack exposes must exist: %s", async (expression, why) => {
	expect(await explain(expression)).toMatchObject({
		excused: false,
		why: expect.stringContaining(why),
	});
});

test.each([
	["sum(my_app_requests)", "nothing that runs here exposes it", []],
	["sum(a:b:c)", "which another rule would record", ["a:b:c"]],
	[
		"sum(node_cpu_seconds_total)",
		"claim kube-metrics says which must exist",
		[],
	],
	["sum(container_memory_swap)", "only if the kernel accounts for swap", []],
])(
	"other metrics may be absent, with a reason: %s",
	async (expression, why, needs) => {
		expect(await explain(expression)).toEqual({
			excused: true,
			why: expect.stringContaining(why),
			until: "rounds",
			needs,
		});
	},
);

test("a bad reason counts more than a good one", async () => {
	expect(await explain("my_app_requests * container_memory_rss")).toMatchObject(
		{ excused: false },
	);
});

test("a selector that nothing matches, and a condition that nothing meets, are good reasons", async () => {
	expect(await explain('sum(up{job="x"})', "up", "up{}")).toMatchObject({
		excused: true,
		why: 'no series matches up{job="x"}',
	});
	expect(await explain("up == 0", "up")).toMatchObject({ excused: true });
});

test("a metric that is dropped on the targets that a rule asks for is missing, whoever else has it", async () => {
	const asked = 'node_disk_io_now{job="kubelet",device="sda"}';
	expect(await explain(`sum(${asked})`, "node_disk_io_now")).toMatchObject({
		excused: false,
		why: expect.stringContaining(
			`no series ${asked}: metric relabelling of ${pool} drops or changes them`,
		),
	});
	// Something of the job has it, and another job is not asked for what this one drops.
	for (const [expression, ...stored] of [
		[asked, "node_disk_io_now", 'node_disk_io_now{job="kubelet"}'],
		['node_disk_io_now{job="node"}', "node_disk_io_now"],
		['node_disk_io_now{device="sda"}', "node_disk_io_now"],
	] as const)
		expect(await explain(`sum(${expression})`, ...stored)).toMatchObject({
			excused: true,
		});
});

test("a selector by a label that no series has is none", async () => {
	expect(
		await explain('count(up{cluster="homelab"})', "up", "up{}"),
	).toMatchObject({
		excused: false,
		why: expect.stringContaining("cluster is an external label"),
	});
});

test("sides that never match are none, those that may match later are", async () => {
	expect(
		await explain(
			"a * on (node) group_left b",
			["a", { instance: "x" }],
			["b", { node: "n" }],
		),
	).toMatchObject({
		excused: false,
		why: expect.stringContaining("no series of a has the label node"),
	});
	expect(
		await explain("a / b", ["a", { pod: "x" }], ["b", { pod: "y" }]),
	).toMatchObject({ excused: true });
});

test("a rate over less than two scrapes never yields anything", async () => {
	expect(await explain("sum(rate(up[1m]))", "up")).toMatchObject({
		excused: false,
		why: "its range of 1m holds less than two scrapes, which are 1m apart",
	});
	expect(await explain("sum(rate(up[5m]))", "up")).toMatchObject({
		excused: false,
		why: "up exists, and it yields nothing",
	});
});

test("a comparison with what was before may have nothing to compare with yet, if it yields something without", async () => {
	const written = "up - up offset 1d";
	expect(await explain(written, "up", "up - (up)")).toMatchObject({
		excused: true,
		why: "Prometheus has nothing from 1d ago yet, as up offset 1d asks for",
	});
	expect(await explain("up offset 1w", "up", "(up)")).toMatchObject({
		excused: true,
		why: expect.stringContaining(
			"and keeps only 144h: the rule will never record anything",
		),
	});
	// It was there then; it yields nothing now either; it looks into the future.
	for (const [wrong, ...stored] of [
		[written, "up", "up - (up)", "up offset 1d"],
		[written, "up"],
		["up offset -1d", "up", "(up)"],
	] as const)
		expect(await explain(wrong, ...stored)).toMatchObject({
			excused: false,
			why: expect.stringContaining("and it yields nothing"),
		});
});

test.each([
	["sum(rate(thanos_receive_forward_requests_total[5m]))", true],
	["max(alertmanager_cluster_members)", true],
	["sum(rate(thanos_sidecar_prometheus_up[5m]))", false],
])("a part of the stack that need not run: %s", async (expression, excused) => {
	expect(await explain(expression)).toMatchObject({ excused });
});
