import type { Nodes } from "../harness/nodes.ts";

/** Mounts the volumes of a node that was away, as Longhorn attaches those of a machine that is back. */
export async function attachVolumes(nodes: Nodes, node: string): Promise<void> {
	await nodes.script(
		node,
		`set -e
for image in /var/lib/rancher/k3s/storage/*/volume.img; do
	[ -e "$image" ] || continue
	mounted="\${image%/*}/mounted"
	grep -q " $mounted " /proc/mounts || mount -t ext4 -o loop "$image" "$mounted"
done`,
	);
}
