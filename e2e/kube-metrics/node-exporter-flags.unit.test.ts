import { expect, test } from "vitest";
import { minimalSeries } from "./minimal-series.ts";
import {
	findHidingFlags,
	findListingFlags,
	listNarrowingFlags,
} from "./node-exporter-flags.ts";

const find = (...args: string[]) => findHidingFlags(minimalSeries, args);

test("the chart's flags, and those that leave something of a machine, hide nothing", () => {
	expect(
		find(
			"--path.rootfs=/host/root",
			"--collector.filesystem.mount-points-exclude=^/(dev|proc|sys|run/k3s/.+|var/lib/kubelet/.+)($|/)",
			"--collector.filesystem.fs-types-exclude=^(tmpfs|overlay|squashfs)$",
			"--collector.netdev.device-exclude=^(veth.*|cali.*|lxc.*)$",
			"--collector.diskstats.device-exclude=^(z?ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\\d+n\\d+p)\\d+$",
			"--collector.netdev.device-include=^eno2$",
			"--collector.filesystem.fs-types-exclude=",
		),
	).toEqual([]);
});

test.each([
	[
		"--collector.filesystem.mount-points-exclude=^/$",
		/^no filesystem series with mountpoint \/ of a homelab's machines is exposed: Node Exporter has --collector\.filesystem/,
	],
	[
		"--collector.filesystem.ignored-fs-types=^(ext4|xfs|btrfs|zfs)$",
		/^no filesystem series with fstype ext4 or xfs/,
	],
	[
		"--collector.diskstats.device-exclude=^(sd|vd|nvme|mmcblk).*",
		/^no disk series with device sda of /,
	],
	["--collector.netdev.device-exclude=^(e|w)", /^no network series/],
	[
		"--collector.netdev.device-exclude=^(veth|cali|lxc|enp).*",
		/^no network series with device enp3s0 of /,
	],
	[
		"--collector.diskstats.device-exclude=^(loop|ram|vd).*",
		/^no disk series with device vda of /,
	],
	[
		"--collector.diskstats.device-exclude=^(nvme|loop|ram).*",
		/^no disk series with device nvme0n1 of /,
	],
	[
		"--collector.filesystem.mount-points-exclude=^/(dev|mnt|srv|var/lib/.+)($|/)",
		/^no filesystem series with mountpoint \/var\/lib\/longhorn or \/mnt\/data of /,
	],
])("%s: %s", (flag, message) => {
	expect(find("--web.listen-address=:9100", flag)[0]).toMatch(message);
});

test.each([
	["CPU", ["--no-collector.cpu"], ["--no-collector.cpu"]],
	["CPU", ["--no-collector.cpufreq", "--collector.cpu.info"], []],
	[
		"disk",
		["--collector.disable-defaults", "--collector.cpu"],
		["--collector.disable-defaults"],
	],
	["CPU", ["--collector.disable-defaults", "--collector.cpu"], []],
	[
		"network",
		[
			"--collector.netdev.device-include=^eno2$",
			"--collector.netdev.address-info",
		],
		["--collector.netdev.device-include=^eno2$"],
	],
	[
		"filesystem",
		["--collector.filesystem.ignored-fs-types=^ext4$"],
		["--collector.filesystem.ignored-fs-types=^ext4$"],
	],
])("what narrows %s of %j is %j", (family, args, found) => {
	expect(listNarrowingFlags(family, args)).toEqual(found);
});

test.each([
	[
		"disk",
		["--collector.diskstats.device-include=^(sd[a-z]|nvme\\d+n\\d+)$"],
		1,
	],
	["disk", ["--collector.diskstats.device-include=^none$"], 0],
	["disk", ["--collector.diskstats.device-exclude=^loop"], 0],
	["network", ["--collector.netdev.device-include=^en.+$"], 1],
	[
		"filesystem",
		[
			"--collector.filesystem.mount-points-include=^/$",
			"--collector.filesystem.fs-types-include=^nothing$",
		],
		0,
	],
	["memory", ["--collector.netdev.device-include=^en.+$"], 0],
] as const)("what lists the %s of some machine: %j", (family, args, count) => {
	const wanted = minimalSeries.find((each) => each.family === family);
	expect(wanted && findListingFlags(wanted, args)).toHaveLength(count);
});
