import type { Nodes } from "./nodes.ts";

/**
 * Mounts a node's volumes again after its container was restarted, which ends the mounts of stack/manifests/storage.yaml.
 * Until then pods wait for them, as they would for Longhorn.
 */
export async function mountVolumes(nodes: Nodes, node: string): Promise<void> {
	await nodes.script(
		node,
		`set -e
		for i in $(seq 0 63); do
			[ -e "/dev/loop$i" ] || mknod "/dev/loop$i" b 7 "$i"
		done
		for image in /var/lib/rancher/k3s/storage/*/volume.img; do
			mounted="\${image%/*}/mounted"
			[ ! -e "$image" ] || grep -q " $mounted " /proc/mounts || mount -t ext4 -o loop "$image" "$mounted"
		done`,
	);
}
