/**
 * Node Exporter's collectors of what every machine has, by the beginning of their metrics. Others may be switched off where
 * nobody has such hardware.
 */
export const collectors = [
	["node_cpu_seconds_total", "cpu"],
	["node_memory_", "meminfo"],
	["node_filesystem_", "filesystem"],
	["node_network_(receive|transmit)_", "netdev"],
	["node_load", "loadavg"],
	["node_(boot_time|context_switches|forks|intr|procs)_", "stat"],
	["node_time_", "time"],
	["node_timex_", "timex"],
	["node_filefd_", "filefd"],
	["node_vmstat_", "vmstat"],
].map(([metric, collector = ""]) => ({
	metric: new RegExp(`^${metric}`),
	collector,
}));

/** The kinds of which every cluster has objects, or gets some sooner or later. */
const kinds =
	/^kube_(node|pod|deployment|daemonset|statefulset|replicaset|job|persistentvolume|persistentvolumeclaim|namespace|service)_/;

/**
 * Whether an alert can only be about something that is there: nobody is harmed where an autoscaler, a quota or a RAID that
 * is not there has no series.
 */
export function isOfEveryCluster(metric: string): boolean {
	if (metric.startsWith("kube_")) return kinds.test(metric);
	return (
		!metric.startsWith("node_") ||
		collectors.some((each) => each.metric.test(metric))
	);
}
