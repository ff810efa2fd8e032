import { expect, test } from "vitest";
import { findDeafAlerts } from "./deaf-alerts.ts";

const alert = (query: string, severity = "warning") => ({
	name: "Low",
	type: "alerting" as const,
	labels: { severity },
	query,
	health: "ok" as const,
	lastError: "",
	lastEvaluation: new Date(0),
});

async function judge(
	query: string,
	{
		severity = "warning",
		stored = [] as readonly string[],
		lonely = [] as readonly string[],
	} = {},
) {
	const found = await findDeafAlerts(
		[
			{
				name: "volumes",
				file: "",
				interval: 30,
				rules: [alert(query, severity)],
			},
		],
		{
			targets: [
				{
					scrapePool: "kubelet",
					labels: { job: "kubelet" },
					discoveredLabels: {},
				},
				{
					scrapePool: "node",
					labels: { job: "node-exporter" },
					discoveredLabels: {},
				},
				{
					scrapePool: "state",
					labels: { job: "state", namespace: "monitoring" },
					discoveredLabels: {},
				},
			],
			configs: [
				{
					job_name: "node",
					scrape_interval: "60s",
					metric_relabel_configs: [
						{
							source_labels: ["__name__"],
							regex: "cpu.*|re.+",
							action: "keep",
						},
						{
							source_labels: ["job", "__name__"],
							regex: "node-exporter;readonly",
							action: "drop",
						},
					],
				},
				{
					job_name: "state",
					scrape_interval: "60s",
					honor_labels: true,
					metric_relabel_configs: [
						{
							source_labels: ["__name__", "phase"],
							regex: "claim_phase;(Lost|Pending)",
							action: "drop",
						},
						{
							source_labels: ["__name__", "namespace"],
							regex: "job_failed;monitoring",
							action: "drop",
						},
						{ source_labels: [], regex: "node_ip", action: "labeldrop" },
					],
				},
				{
					job_name: "kubelet",
					scrape_interval: "60s",
					metric_relabel_configs: [
						{ source_labels: ["__name__"], regex: "free_.+", action: "drop" },
						{
							source_labels: ["__name__", "device"],
							regex: "errors;lo",
							action: "drop",
						},
					],
				},
			],
			externalLabels: ["cluster"],
		},
		{
			isStored: async (selector) => stored.includes(selector),
			whyUnexposed: ({ metric }) =>
				metric === "old" ? "today it is new" : undefined,
			find: async (asked) =>
				asked.includes("node_.+")
					? [{ __name__: "node_filesystem_avail_bytes" }]
					: asked.includes("by (status) (kube_node_status_condition)")
						? [{ status: "true" }, { status: "false" }]
						: asked === "count(kube_node_status_condition)"
							? [{}]
							: [],
			interval: 60_000,
			isLonely: async (metric) => lonely.includes(metric),
		},
	);
	return found.join();
}

test("an alert whose metric is dropped by its name is told with the rule that drops it", async () => {
	expect(await judge("free_bytes / size_bytes < 0.1")).toBe(
		"alert Low of volumes reads what is never there: there is no sample of free_bytes (metric relabelling of kubelet drops or changes them (drop of __name__ matching free_.+))",
	);
});

test.each([
	[
		"by two labels",
		'cpu{job="node-exporter"} > 1 and readonly{job="node-exporter"} == 0',
		'cpu{job="node-exporter"}',
		"no sample of readonly (metric relabelling of node drops or changes them (drop of job, __name__",
	],
	[
		"by a list of what is kept",
		'memory{job="node-exporter"} > 1',
		"",
		"no sample of memory (metric relabelling of node drops or changes them (keep of __name__",
	],
	[
		"by the value that it is about",
		'claim_phase{phase="Lost"} > 0',
		'claim_phase|claim_phase{job="state"}',
		'no sample of claim_phase{phase="Lost"} (metric relabelling of state',
	],
	[
		"by each of several values",
		'claim_phase{phase=~"Lost|Pending"} > 0',
		'claim_phase|claim_phase{job="state"}',
		"(drop of __name__, phase",
	],
	[
		"without the label that it asks for",
		'claim_phase{node_ip="1"} > 0',
		'claim_phase|claim_phase{job="state"}',
		"(labeldrop matching node_ip",
	],
])(
	"an alert is told whose series are dropped %s",
	async (_, query, stored, why) => {
		expect(await judge(query, { stored: stored.split("|") })).toContain(why);
	},
);

test.each([
	["one of several values is left", 'claim_phase{phase=~"Lost|Bound"} > 0'],
	["other namespaces are left", "job_failed > 0"],
	["a list is of another pool", "memory > 1"],
	["other targets are asked for", 'readonly{job="nas"} == 0'],
	["another pool exposes it, too", 'claim_phase{phase="Lost"} == 0'],
])(
	"an alert is right although some series are dropped, if %s",
	async (_, query) => {
		const stored = ["state", "kubelet"].map(
			(job) => `claim_phase{job="${job}"}`,
		);
		expect(
			await judge(query, { stored: ["claim_phase", "job_failed", ...stored] }),
		).toBe("");
	},
);

test("an alert that asks for an external label is told", async () => {
	const query = 'size_bytes{cluster=~"home.+"} > 1';
	const stored = ["size_bytes"];
	expect(await judge(query, { stored })).toBe(
		"alert Low of volumes reads what is never there: no series of size_bytes has the label cluster, which is an external one that Prometheus only adds to what it sends on",
	);
	// Where its series have such a label themselves, and where those without it count, too.
	expect(
		await judge(query, { stored: [...stored, 'size_bytes{cluster!=""}'] }),
	).toBe("");
	expect(await judge('size_bytes{cluster!="x"} > 1', { stored })).toBe("");
});

test("an alert is told that reads what nothing exposes, unless it looks for its absence", async () => {
	expect(await judge('old{a="b"} > 1')).toMatch(
		/there is no sample of old\{a="b"\} \(today it is new\)$/,
	);
	expect(await judge("old > 1", { stored: ["old"] })).toBe("");
	expect(await judge("absent(old)")).toBe("");
	expect(await judge("size_bytes > 1 unless old")).toBe("");
});

test("an alert is told that has a slip in a name or a value", async () => {
	expect(await judge("node_filesystem_avail_byte < 1")).toContain(
		"there is no sample of node_filesystem_avail_byte (nothing exposes it, as it is node_filesystem_avail_bytes that",
	);
	const asked = 'kube_node_status_condition{status="False"}';
	// Before anything is stored since the beginning.
	expect(await judge(`${asked} == 1`, { stored: [] })).toContain(
		`there is no sample of ${asked} (no series of kube_node_status_condition has status="False", and some have status="false")`,
	);
	expect(await judge("node_zfs_state > 1")).toBe("");
});

test("an alert is told whose range has no room for two samples", async () => {
	const lonely = ["sent"];
	expect(await judge('rate(sent{job="web"}[1m]) > 9', { lonely })).toBe(
		'alert Low of volumes reads what is never there: rate over 1m of sent{job="web"} needs two samples, and its targets are scraped every 1m',
	);
	expect(
		await judge('sum(irate(sent{job="web"}[30s])) / size_bytes > 1', {
			lonely,
		}),
	).toMatch("irate over 30s of");
});

test.each([
	["is scraped more often", "rate(sent[1m]) > 9", []],
	["is asked for over a longer range", "rate(sent[2m]) > 9", ["sent"]],
	["is counted", "count_over_time(sent[1m]) < 1", ["sent"]],
	["is recorded", "rate(job:sent[1m]) > 9", ["job:sent"]],
	["is read otherwise, too", "rate(sent[1m]) > 9 or sent > 9", ["sent"]],
	["has a range that is a sum", "rate(sent[30s + 30s]) > 9", ["sent"]],
])("an alert is right if what it reads %s", async (_, query, lonely) => {
	expect(await judge(query, { lonely })).toBe("");
});

test.each([
	["nothing is dropped", "size_bytes < 1", {}],
	["only some series are", "errors > 0", {}],
	["another pool has it", "free_bytes < 1", { stored: ["free_bytes"] }],
	["it does without", "free_bytes < 1 or size_bytes < 1", {}],
	["nobody is told of it", "free_bytes < 1", { severity: "info" }],
])("an alert is right if %s", async (_, query, more) => {
	expect(await judge(query, more)).toBe("");
});
