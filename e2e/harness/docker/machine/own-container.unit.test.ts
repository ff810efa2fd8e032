import { expect, test } from "vitest";
import { isContainer } from "./own-container.ts";

/** What Docker mounts into every container. */
const files = ["resolv.conf", "hostname", "hosts"].map(
	(name) =>
		`714 702 254:0 /docker/containers/4f0c/${name} /etc/${name} rw,relatime - ext4 /dev/vda rw`,
);

test.each([
	[
		"overlayfs",
		"702 620 0:61 / / rw,relatime master:220 - overlay overlay rw,lowerdir=/a",
	],
	[
		"btrfs",
		"702 620 0:43 /docker/btrfs/subvolumes/9ab1 / rw,relatime - btrfs /dev/sda2 rw",
	],
	["zfs", "702 620 0:61 / / rw,relatime - zfs tank/docker/9ab1 rw,xattr"],
	[
		"vfs",
		"702 620 254:0 /docker/vfs/dir/9ab1 / rw,relatime - ext4 /dev/vda rw",
	],
])("a container on %s is one", (_, root) => {
	expect(isContainer([root, ...files].join("\n"))).toBe(true);
});

test.each([
	["ext4", "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard"],
	["btrfs", "27 1 0:24 /@ / rw,relatime shared:1 - btrfs /dev/sda2 rw"],
])("a machine with /.dockerenv and its root on %s is none", (_, root) => {
	const resolv =
		"60 27 0:25 /resolv.conf /etc/resolv.conf rw - tmpfs tmpfs rw,size=4k";
	expect(isContainer([root, resolv].join("\n"))).toBe(false);
	expect(isContainer("")).toBe(false);
});
