/** node-exporter's collectors and the metrics of each, from its documentation. */
const collectors: Readonly<Record<string, RegExp>> = {
	arp: /^node_arp_/,
	bcache: /^node_bcache_/,
	bonding: /^node_bonding_/,
	btrfs: /^node_btrfs_/,
	conntrack: /^node_nf_conntrack_/,
	cpu: /^node_cpu_(?!scaling|frequency)/,
	cpufreq: /^node_cpu_(scaling|frequency)/,
	diskstats: /^node_disk_/,
	dmi: /^node_dmi_/,
	edac: /^node_edac_/,
	entropy: /^node_entropy_/,
	ethtool: /^node_ethtool_/,
	fibrechannel: /^node_fibrechannel_/,
	filefd: /^node_filefd_/,
	filesystem: /^node_filesystem_/,
	hwmon: /^node_hwmon_/,
	infiniband: /^node_infiniband_/,
	interrupts: /^node_interrupts_/,
	ipvs: /^node_ipvs_/,
	loadavg: /^node_load\d+$/,
	mdadm: /^node_md_/,
	meminfo: /^node_memory_(?!numa_)/,
	mountstats: /^node_mountstats_/,
	netclass:
		/^node_network_(up|info|speed_bytes|mtu_bytes|carrier\w*|address_assign_type|device_id|dormant|flags|iface_\w+|link_mode|name_assign_type|net_dev_group|protocol_type|transmit_queue_length)$/,
	netdev: /^node_network_(receive|transmit)_(?!queue)/,
	netstat: /^node_netstat_/,
	nfs: /^node_nfs_/,
	nfsd: /^node_nfsd_/,
	nvme: /^node_nvme_/,
	os: /^node_os_/,
	powersupplyclass: /^node_power_supply_/,
	pressure: /^node_pressure_/,
	processes: /^node_processes_/,
	rapl: /^node_rapl_/,
	schedstat: /^node_schedstat_/,
	sockstat: /^node_sockstat_/,
	softnet: /^node_softnet_/,
	stat: /^node_(boot_time_seconds|context_switches_total|forks_total|intr_total|procs_(blocked|running)|softirqs_total)$/,
	systemd: /^node_systemd_/,
	tapestats: /^node_tape_/,
	tcpstat: /^node_tcp_/,
	textfile: /^node_textfile_/,
	thermal_zone: /^node_(thermal_zone|cooling_device)_/,
	time: /^node_time_/,
	timex: /^node_timex_/,
	udp_queues: /^node_udp_queues/,
	uname: /^node_uname_info$/,
	vmstat: /^node_vmstat_/,
	watchdog: /^node_watchdog_/,
	wifi: /^node_wifi_/,
	xfs: /^node_xfs_/,
	zfs: /^node_zfs_/,
};

/** Collectors that only run if a flag says so. */
const offByDefault = new Set([
	"ethtool",
	"interrupts",
	"mountstats",
	"processes",
	"systemd",
	"tcpstat",
	"wifi",
]);

export function collectorOf(metric: string): string | undefined {
	return Object.entries(collectors).find(([, own]) => own.test(metric))?.[0];
}

/** Whether node-exporter with these arguments has a metric. */
export function isCollected(args: readonly string[], metric: string): boolean {
	const collector = collectorOf(metric);
	if (!collector) return true;
	const isSet = (flag: string) =>
		args.some((each) => each === flag || each === `${flag}=true`);
	if (isSet(`--no-collector.${collector}`)) return false;
	if (args.includes(`--collector.${collector}=false`)) return false;
	if (isSet(`--collector.${collector}`)) return true;
	return !isSet("--collector.disable-defaults") && !offByDefault.has(collector);
}
