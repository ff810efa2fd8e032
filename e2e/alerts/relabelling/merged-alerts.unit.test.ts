import { expect, test } from "vitest";
import { KubeError } from "../../clients/api-server/kube-error.ts";
import { parseAs } from "../../common/parsing/parse-as.ts";
import { relabelSteps } from "../../common/relabelling/relabel.ts";
import { findMergedAlerts } from "./merged-alerts.ts";

const nodes = ["10.0.0.1:9100", "10.0.0.2:9100"].map((instance, i) => ({
	__name__: "node_filesystem_avail_bytes",
	instance,
	job: "node-exporter",
	mountpoint: "/",
	pod: `node-exporter-${i}`,
}));
const pods = ["a", "b"].map((pod, i) => ({
	instance: `10.0.0.3:808${i}`,
	job: "kube-state-metrics",
	namespace: "media",
	pod,
}));
const prometheus = {
	query: async (expression: string) =>
		(expression.includes("node") ? nodes : pods).map((metric) => ({
			metric,
			value: { timestamp: 0, value: 1 },
		})),
};
const rule = (alertname: string, expression: string, severity = "warning") => ({
	labels: { alertname, severity },
	sets: ["severity"],
	severities: [severity],
	expression,
	group: { name: "group", limit: 0 },
});
const full = rule("NodeFull", "node_filesystem_avail_bytes < 1e9");
const rules = [
	full,
	rule("PodNotReady", "kube_pod_status_ready == 0"),
	rule("NodeGone", 'absent(up{job="node-exporter"})', "critical"),
	rule("NodeOld", "node_os_version < 12", "info"),
	{ ...rule("NodeSlow", "node_load1 > 9"), sets: ["severity", "of"] },
];

const judge = async (...steps: object[]) =>
	(
		await findMergedAlerts(prometheus, rules, [
			parseAs(relabelSteps, steps, "steps"),
		])
	).join();

test("alerts of two nodes that relabelling makes one are told", async () => {
	expect(await judge({ action: "labeldrop", regex: "instance|pod" })).toBe(
		"each critical and warning alert is to reach Slack, but alert relabelling of Prometheus (labeldrop matching instance|pod) makes one alert of those about several instances, which then ends when one of them does: such as NodeFull of 10.0.0.1:9100 and 10.0.0.2:9100",
	);
	expect(
		await judge({ action: "labelkeep", regex: "alertname|severity|namespace" }),
	).toMatch(/labelkeep .* NodeFull of/);
	expect(
		await judge(
			{ action: "labeldrop", regex: "pod" },
			{ target_label: "instance", replacement: "homelab" },
		),
	).toMatch(/\(replace matching \(\.\*\) into instance\) .* NodeFull of/);
});

test.each([
	[{ action: "labeldrop", regex: "prometheus_replica" }],
	// The pod still tells them apart.
	[{ action: "labeldrop", regex: "instance" }],
	// One alert for all pods of an application.
	[{ action: "labeldrop", regex: "pod" }],
	[
		{
			source_labels: ["instance"],
			regex: "(.+):.+",
			target_label: "instance",
		},
		{ action: "labeldrop", regex: "pod" },
	],
	[
		{
			source_labels: ["job"],
			regex: "kube-state-metrics",
			target_label: "instance",
			replacement: "",
		},
	],
])("those that stay apart are not: %j", async (...steps) => {
	expect(await judge(...steps)).toBe("");
});

const found = async (
	series: readonly Record<string, string>[],
	...steps: object[]
) =>
	(
		await findMergedAlerts(
			{
				query: async () =>
					series.map((metric) => ({
						metric: { instance: "10.0.0.1:9100", ...metric },
						value: { timestamp: 0, value: 1 },
					})),
			},
			[rule("Any", "any > 0")],
			[parseAs(relabelSteps, steps, "steps")],
		)
	).join();
const disks = [
	{ device: "/dev/sda1", mountpoint: "/" },
	{ device: "/dev/sdb1", mountpoint: "/mnt/data" },
];
const twiceMounted = [
	{ device: "/dev/sda1", mountpoint: "/" },
	{ device: "/dev/sda1", mountpoint: "/etc/hosts" },
];
const network = [{ device: "eth0" }, { device: "veth1a2b3c" }];
const labeldrop = (regex: string) => ({ action: "labeldrop", regex });

test.each([
	[disks, "device|mountpoint|fstype", "devices: such as Any of /dev/sda1 and"],
	[twiceMounted, "device|mountpoint", "mount points: such as Any of / and"],
	[
		[{ mountpoint: "/" }, { mountpoint: "/mnt/data" }],
		"mountpoint",
		"mount points: such as Any of / and /mnt/data",
	],
	[[{ device: "sda" }, { device: "nvme0n1" }], "device", "devices: such as"],
	[[{ node: "large" }, { node: "small" }], "node", "nodes: such as"],
	[
		["data-db-0", "data-db-1"].map((persistentvolumeclaim) => ({
			namespace: "media",
			persistentvolumeclaim,
		})),
		"device|persistentvolumeclaim",
		"volume claims: such as Any of data-db-0 and data-db-1",
	],
])("%j without %s are one alert", async (series, regex, message) => {
	expect(await found(series, labeldrop(regex))).toContain(
		`(labeldrop matching ${regex}) makes one alert of those about several ${message.split(":")[0]}, which then ends when one of them does:${message.split(":")[1]}`,
	);
});

test.each([
	// The mount point still tells them apart, or the device.
	[disks, "device|fstype"],
	[disks, "mountpoint"],
	// One alert for a device is enough.
	[twiceMounted, "mountpoint"],
	// What of a network has a device comes and goes with pods.
	[network, "device"],
	[
		[
			{ pod: "a", node: "large" },
			{ pod: "b", node: "large" },
		],
		"pod|node",
	],
	[disks, "uid|endpoint|prometheus"],
])(
	"%j without %s stay apart, or are about one thing",
	async (series, regex) => {
		expect(await found(series, labeldrop(regex))).toBe("");
	},
);

test("an expression that Prometheus refuses without its filters tells nothing", async () => {
	const refused = {
		query: () => Promise.reject(new KubeError("many-to-many", { status: 422 })),
	};
	const steps = [{ action: "labeldrop", regex: "instance|pod" }];
	expect(
		await findMergedAlerts(refused, rules, [
			parseAs(relabelSteps, steps, "steps"),
		]),
	).toEqual([]);
});
