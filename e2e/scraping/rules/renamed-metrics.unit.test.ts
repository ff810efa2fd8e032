import { expect, test } from "vitest";
import { whyRenamed } from "./renamed-metrics.ts";

test.each([
	["node_cpu", "node_cpu_seconds_total"],
	["node_filesystem_avail", "node_filesystem_avail_bytes"],
	["node_memory_MemFree", "node_memory_MemFree_bytes"],
	["node_network_receive_bytes", "node_network_receive_bytes_total"],
	["node_disk_bytes_written", "node_disk_written_bytes_total"],
	[
		"kube_pod_container_resource_requests_cpu_cores",
		"kube_pod_container_resource_requests with the label resource",
	],
])("%s has another name today", (old, today) => {
	expect(whyRenamed(old)).toMatch(new RegExp(`today it is ${today}$`));
});

test.each([
	"node_cpu_seconds_total",
	"node_filesystem_files_free",
	"node_memory_HugePages_Free",
	"node_network_up",
	"node_disk_io_now",
	"kube_node_status_capacity",
	"node_total_hourly_cost",
	"kube_pod_container_resource_requests",
])("%s has not", (metric) => {
	expect(whyRenamed(metric)).toBeUndefined();
});
