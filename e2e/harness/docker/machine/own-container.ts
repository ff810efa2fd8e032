/** What every engine mounts into its containers, whatever it keeps their file systems on. */
const givenFiles = ["/etc/hosts", "/etc/hostname", "/etc/resolv.conf"];

/**
 * Whether a process is in a container, by its mounts: engines give each container files of its own, and most have its root on
 * an overlayfs, but btrfs, zfs, vfs and device mapper have none.
 *
 * @param mountInfo of the first process, as in /proc/1/mountinfo
 */
export function isContainer(mountInfo: string): boolean {
	const mounts = mountInfo.split("\n").map((line) => {
		const [mount = "", source = ""] = line.split(" - ");
		return { at: mount.split(" ")[4] ?? "", type: source.split(" ")[0] };
	});
	return (
		mounts.some(({ at, type }) => at === "/" && type === "overlay") ||
		givenFiles.every((file) => mounts.some(({ at }) => at === file))
	);
}
