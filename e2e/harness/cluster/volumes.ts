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
			[ -e "$image" ] || continue
			# As in that file: another mount may take the free loop device in between.
			for _ in $(seq 1 20); do
				if grep -q " $mounted " /proc/mounts || mount -t ext4 -o loop "$image" "$mounted"; then break; fi
			done
			grep -q " $mounted " /proc/mounts
		done`,
	);
}
