import { expect, test } from "vitest";
import { minimalSeries } from "./minimal-series.ts";
import { findHidingFlags } from "./node-exporter-flags.ts";

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
		/^no disk series with device sda or nvme0n1/,
	],
	["--collector.netdev.device-exclude=^(e|w)", /^no network series/],
])("%s: %s", (flag, message) => {
	expect(find("--web.listen-address=:9100", flag)).toEqual([
		expect.stringMatching(message),
	]);
});
