import type { LabelMatcher } from "../../../common/promql/expressions.ts";
import { isFilteredOut } from "./node-exporter-filters.ts";

/** node-exporter's collectors and the metrics of each, from its documentation. */
const collectors: Readonly<Record<string, RegExp>> = {
	arp: /^node_arp_/,
	bcache: /^node_bcache_/,
	bcachefs: /^node_bcachefs_/,
	bonding: /^node_bonding_/,
	btrfs: /^node_btrfs_/,
	buddyinfo: /^node_buddyinfo_/,
	cgroups: /^node_cgroups_/,
	conntrack: /^node_nf_conntrack_/,
	cpu: /^node_cpu_(?!scaling|frequency|vulnerabilities)/,
	cpu_vulnerabilities: /^node_cpu_vulnerabilities_/,
	cpufreq: /^node_cpu_(scaling|frequency)/,
	diskstats: /^node_disk_/,
	dmi: /^node_dmi_/,
	drbd: /^node_drbd_/,
	drm: /^node_drm_/,
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
	kernel_hung: /^node_kernel_hung_/,
	ksmd: /^node_ksmd_/,
	lnstat: /^node_lnstat_/,
	loadavg: /^node_load\d+$/,
	logind: /^node_logind_/,
	mdadm: /^node_md_/,
	meminfo: /^node_memory_(?!numa_)/,
	meminfo_numa: /^node_memory_numa_/,
	mountstats: /^node_mountstats_/,
	netclass:
		/^node_network_(up|info|speed_bytes|mtu_bytes|carrier\w*|address_assign_type|device_id|dormant|flags|iface_\w+|link_mode|name_assign_type|net_dev_group|protocol_type|transmit_queue_length)$/,
	netdev: /^node_network_(receive|transmit)_(?!queue)/,
	netstat: /^node_netstat_/,
	network_route: /^node_network_route/,
	nfs: /^node_nfs_/,
	nfsd: /^node_nfsd_/,
	ntp: /^node_ntp_/,
	nvme: /^node_nvme_/,
	os: /^node_os_/,
	pcidevice: /^node_pcidevice_/,
	perf: /^node_perf_/,
	powersupplyclass: /^node_power_supply_/,
	pressure: /^node_pressure_/,
	processes: /^node_processes_/,
	qdisc: /^node_qdisc_/,
	rapl: /^node_rapl_/,
	runit: /^node_service_/,
	schedstat: /^node_schedstat_/,
	selinux: /^node_selinux_/,
	slabinfo: /^node_slabinfo_/,
	sockstat: /^node_sockstat_/,
	softirqs: /^node_softirqs_functions_/,
	softnet: /^node_softnet_/,
	stat: /^node_(boot_time_seconds|context_switches_total|forks_total|intr_total|procs_(blocked|running)|softirqs_total)$/,
	supervisord: /^node_supervisord_/,
	swap: /^node_swap_/,
	sysctl: /^node_sysctl_/,
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
	xfrm: /^node_xfrm_/,
	xfs: /^node_xfs_/,
	zfs: /^node_zfs_/,
	zoneinfo: /^node_zoneinfo_/,
};

/** Collectors that only run if a flag says so. */
const offByDefault = new Set([
	"buddyinfo",
	"cgroups",
	"cpu_vulnerabilities",
	"drbd",
	"drm",
	"ethtool",
	"interrupts",
	"ksmd",
	"lnstat",
	"logind",
	"meminfo_numa",
	"mountstats",
	"network_route",
	"ntp",
	"pcidevice",
	"perf",
	"processes",
	"qdisc",
	"runit",
	"slabinfo",
	"softirqs",
	"supervisord",
	"swap",
	"sysctl",
	"systemd",
	"tcpstat",
	"wifi",
	"xfrm",
	"zoneinfo",
]);

export function collectorOf(metric: string): string | undefined {
	return Object.entries(collectors).find(([, own]) => own.test(metric))?.[0];
}

/** How node-exporter runs, as far as its metrics depend on it. */
export interface ExporterSettings {
	readonly args: readonly string[];
	/** The paths where it has volumes. */
	readonly mounts: readonly string[];
}

/** Whether node-exporter has series of a metric with such labels. */
export function isCollected(
	exporter: ExporterSettings,
	metric: string,
	matchers: readonly LabelMatcher[],
): boolean {
	const { args } = exporter;
	if (/^node_(exporter|scrape|textfile_scrape)_/.test(metric)) return true;
	const collector = collectorOf(metric);
	// What no collector has, a script has written into a file.
	if (!collector || collector === "textfile") return readsTextFiles(exporter);
	const isSet = (flag: string) =>
		args.some((each) => each === flag || each === `${flag}=true`);
	if (isSet(`--no-collector.${collector}`)) return false;
	if (args.includes(`--collector.${collector}=false`)) return false;
	if (isFilteredOut(args, collector, matchers)) return false;
	if (isSet(`--collector.${collector}`)) return true;
	return !isSet("--collector.disable-defaults") && !offByDefault.has(collector);
}

/** Whether it reads metrics from files, which may have any name. */
export function readsTextFiles({ args, mounts }: ExporterSettings): boolean {
	const flag = "--collector.textfile.directory=";
	const folder = args.find((each) => each.startsWith(flag))?.slice(flag.length);
	return (
		folder !== undefined &&
		folder !== "" &&
		!args.some((each) =>
			/^--(no-collector\.textfile(=true)?|collector\.textfile=false)$/.test(
				each,
			),
		) &&
		mounts.some((each) =>
			`${folder}/`.startsWith(`${each.replace(/\/$/, "")}/`),
		)
	);
}
