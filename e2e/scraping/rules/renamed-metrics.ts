/** Old names of metrics, which rules are still copied with. A regular expression for the whole name, and today's. */
const renamed = [
	["node_cpu", "node_cpu_seconds_total"],
	["node_(boot_time|time)", "node_$1_seconds"],
	["node_(intr|forks|context_switches)", "node_$1_total"],
	["node_filesystem_(size|avail|free)", "node_filesystem_$1_bytes"],
	[
		"node_memory_((Mem|Swap)(Total|Free|Available)|Active|Buffers|Cached|Inactive|Slab|SReclaimable|SwapCached)",
		"node_memory_$1_bytes",
	],
	[
		"node_network_((receive|transmit)_(bytes|packets|errs|drop))",
		"node_network_$1_total",
	],
	["node_disk_(reads|writes)_(completed|merged)", "node_disk_$1_$2_total"],
	["node_disk_bytes_(read|written)", "node_disk_$1_bytes_total"],
	["node_disk_(io|read|write)_time_ms", "node_disk_$1_time_seconds_total"],
	[
		"kube_((pod|pod_init)_container_resource_(requests|limits)|node_status_(capacity|allocatable))_(cpu_cores|memory_bytes|pods)",
		"kube_$1 with the label resource",
	],
	["kube_hpa_(.+)", "kube_horizontalpodautoscaler_$1"],
].map(([old = "", instead = ""]) => ({
	old: new RegExp(`^(?:${old})$`),
	instead,
}));

/** Why neither Node Exporter nor kube-state-metrics exposes a metric any more, as a clause; undefined if they may. */
export function whyRenamed(metric: string): string | undefined {
	const found = renamed.find(({ old }) => old.test(metric));
	return (
		found &&
		`neither Node Exporter nor kube-state-metrics exposes it: today it is ${metric.replace(found.old, found.instead)}`
	);
}
