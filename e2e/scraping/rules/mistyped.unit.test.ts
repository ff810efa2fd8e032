import { expect, test } from "vitest";
import { selectorsIn } from "../../common/promql/expressions.ts";
import { isMistyped, whyMistyped, whyMistypedValue } from "./mistyped.ts";

test.each([
	["node_load_1", "node_load1"],
	["node_cpu_second_total", "node_cpu_seconds_total"],
	["node_memory_Memavailable_bytes", "node_memory_MemAvailable_bytes"],
	[
		"kube_pod_container_resource_request",
		"kube_pod_container_resource_requests",
	],
	["kube_pod_status_phsae", "kube_pod_status_phase"],
	[
		"kube_pod_container_status_restarts",
		"kube_pod_container_status_restarts_total",
	],
	[
		"alertmanager_notification_failed_total",
		"alertmanager_notifications_failed_total",
	],
	["externalsecret_status_conditions", "externalsecret_status_condition"],
])("%s is meant to be %s", (name, meant) => {
	expect(isMistyped(name, meant)).toBe(true);
});

test.each([
	["node_load5", "node_load1"],
	["node_netstat_Udp6_NoPorts", "node_netstat_Udp_NoPorts"],
	["node_nfs_requests_total", "node_nfsd_requests_total"],
	["node_ethtool_tx_dropped", "node_ethtool_rx_dropped"],
	["node_memory_KReclaimable_bytes", "node_memory_SReclaimable_bytes"],
	["apiserver_request_slo_total", "apiserver_request_sli_total"],
	["node_disk_read_bytes_total", "node_disk_written_bytes_total"],
	["kube_job_info", "kube_pod_info"],
	["minio_node_io_rchar_bytes", "minio_node_io_wchar_bytes"],
	["loki_lines", "loki_lines_total"],
	["node_load1", "node_load1"],
	["kube_pod_info", "namespace:kube_pod_info"],
])("%s is another metric than %s", (name, other) => {
	expect(isMistyped(name, other)).toBe(false);
});

test("what is there is not mistyped, and neither is what each language has", async () => {
	const find = async () =>
		["node_loads", "node_load"].map((__name__) => ({ __name__ }));
	expect(await whyMistyped("node_load", find)).toBeUndefined();
	expect(await whyMistyped("node_laod", find)).toContain("node_load that");
	expect(await whyMistyped("process_load", find)).toBeUndefined();
});

const values: Readonly<Record<string, readonly string[]>> = {
	phase: ["Running", "Pending"],
	mode: ["user", "idle"],
	device: ["sda", "eth0"],
	resource: ["cpu"],
	job: ["node-exporter", "alertmanager", "radarr", "former-job"],
	namespace: ["monitoring", "kube-system", "homelab-media"],
};
const scraped = {
	targets: ["node-exporter", "alertmanager", "radarr"].map((job) => ({
		scrapePool: job,
		labels: { job, namespace: "kube-systems" },
		discoveredLabels: {},
	})),
	configs: [{ job_name: "alertmanagers", scrape_interval: "1m" }],
};

async function explain(text: string): Promise<string | undefined> {
	const [selector] = selectorsIn(text);
	return (
		selector &&
		whyMistypedValue(selector, scraped, async (asked) => {
			if (asked.includes("build_info")) return [{ namespace: "monitoring" }];
			const label = /by \((\w+)\)/.exec(asked)?.[1] ?? "";
			return (values[label] ?? []).map((value) => ({ [label]: value }));
		})
	);
}

test.each([
	['m{phase="running"}', 'some have phase="Running"'],
	['m{phase=~"running|pending"}', 'has phase=~"running|pending"'],
	['m{mode="users"}', 'some have mode="user"'],
	['m{device="Eth0"}', 'some have device="eth0"'],
	['m{job="node-exporterr"}', 'some have job="node-exporter"'],
	['m{job=~"node-exprter|alertmanger"}', 'some have job="node-exporter"'],
	['m{namespace="monitorng"}', 'some have namespace="monitoring"'],
	['m{namespace="kube-sytem"}', 'some have namespace="kube-system"'],
])("%s has a slip", async (text, why) => {
	expect(await explain(text)).toContain(why);
});

test.each([
	'm{phase="Running"}',
	'm{phase=~"running|Failed"}',
	'm{phase="Failed"}',
	'm{phase!="running"}',
	'm{phase=~"run.+"}',
	'm{device="sdb"}',
	'm{resource="gpu"}',
	'm{label_tier="Backend"}',
	'm{job="node-exporter-nas"}',
	'm{job=~"node-exporterr|paperless"}',
	'm{job="readarr"}',
	// Loaded, and nothing of it is there.
	'm{job="alertmanagers"}',
	'm{job="former-jobs"}',
	'm{namespace="homelab-medias"}',
	'm{namespace="kube-systems"}',
	"m{}",
])("%s may just be absent", async (text) => {
	expect(await explain(text)).toBeUndefined();
});
