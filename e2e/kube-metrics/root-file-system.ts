import type { Environment } from "../common/environment.ts";

/**
 * Why Node Exporter, as the homelab's values say it, would report its own container's file systems instead of the node's;
 * undefined if it reads them below a mount of the node's `/`. The test's nodes cannot have such a mount.
 */
export function whyNoRootFileSystem({
	args,
	rootMounts,
}: NonNullable<Environment["asWritten"]["nodeExporter"]>): string | undefined {
	const promise = '"CPU, memory, disk, network, filesystem"';
	if (rootMounts.length === 0)
		return `${promise}: as the values say it without the test's own, Node Exporter does not mount the node's /, and sees the file systems of its container alone (hostRootFsMount)`;
	const flag = args.findLast((each) => /^--?path\.rootfs=/.test(each));
	const root = flag?.replace(/^[^=]+=/, "");
	const trim = (path: string) => path.replace(/(.)\/+$/, "$1");
	return root !== undefined && rootMounts.map(trim).includes(trim(root))
		? undefined
		: `${promise}: as the values say it without the test's own, Node Exporter mounts the node's / at ${rootMounts.join(", ")}, and is told ${flag ?? "no --path.rootfs"}`;
}
