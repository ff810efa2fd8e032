import { expect, test } from "vitest";
import { findDroppedOfMachines } from "./machine-series.ts";
import { minimalSeries } from "./minimal-series.ts";

const scrapePool = "serviceMonitor/monitoring/node-exporter/0";
const targets = ["small", "large"].map((node) => ({
	scrapePool,
	labels: { job: "node-exporter", instance: `${node}:9100`, node },
}));

function find(...metric_relabel_configs: object[]): string[] {
	return findDroppedOfMachines(minimalSeries, targets, [
		{ job_name: scrapePool, scrape_interval: "1m", metric_relabel_configs },
	]);
}

test("relabelling that leaves something of a machine hides nothing", () => {
	expect(find()).toEqual([]);
	expect(
		find(
			{
				source_labels: ["device"],
				regex: "loop.*|veth.*|wlan.*|mmcblk.+p.+|br-.*",
				action: "drop",
			},
			{
				source_labels: ["mountpoint"],
				regex: "/boot.*|/var/.+",
				action: "drop",
			},
			{ source_labels: ["__name__"], regex: "node_.+", action: "keep" },
			{ source_labels: ["instance"], target_label: "machine" },
		),
	).toEqual([]);
});

test("the root file system is missed", () => {
	expect(
		find({
			source_labels: ["__name__", "mountpoint"],
			regex: "node_filesystem_.+;/",
			action: "drop",
		}),
	).toEqual(
		["avail", "size"].map((what) =>
			expect.stringMatching(
				new RegExp(
					`^no filesystem series \\(node_filesystem_${what}_bytes with / ext4 /dev/sda2 or .*metric relabelling of .*\\(drop of __name__, mountpoint`,
				),
			),
		),
	);
});

test("disks and network devices are missed, on one node too", () => {
	expect(
		find({
			source_labels: ["node", "device"],
			regex: "small;(sd|vd|nvme|mmcblk).+",
			action: "drop",
		}),
	).toHaveLength(10);
	expect(find({ regex: "device", action: "labeldrop" }).join()).toMatch(
		/no network series/,
	);
});

test("one kind of disk, device or mount is missed though another is left", () => {
	const drop = (label: string, regex: string) =>
		find({ source_labels: [label], regex, action: "drop" });
	expect(drop("device", "nvme.*n.").join()).toMatch(
		/no disk series \(node_disk_read_bytes_total with nvme0n1\)/,
	);
	for (const device of ["eth0", "eno1", "enp3s0"])
		expect(drop("device", device).join()).toMatch(
			`no network series (node_network_receive_bytes_total with ${device})`,
		);
	expect(drop("device", "(loop|ram|vd|mmc).*")).toHaveLength(4);
	expect(drop("device", "sd[b-z]")).toEqual([]);
	expect(drop("device", "sd[b-z]|nvme1.*").join()).toMatch(
		/\(node_disk_read_bytes_total with sdb or nvme1n1\)/,
	);
	expect(drop("mountpoint", "/(mnt|srv|var/lib)/.+").join()).toMatch(
		/with \/var\/lib\/longhorn ext4 \/dev\/sdb1 or \/mnt\/data/,
	);
});

test("a rule may list the disk and the device that a machine has, but not lists without any", () => {
	const keep = (regex: string) =>
		find({ source_labels: ["__name__", "device"], regex, action: "keep" });
	expect(keep("node_[^dn].+;.*|node_disk.+;sda|node_network.+;eth0")).toEqual(
		[],
	);
	expect(keep("node_[^dn].+;.*|node_network.+;eth0")).toHaveLength(10);
});
