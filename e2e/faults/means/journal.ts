import type { KubeClient } from "../../clients/kubernetes.ts";
import type { Nodes } from "../../harness/cluster/nodes.ts";
import type { NodeFolder } from "../../harness/cluster/prometheus-pod.ts";
import { volumeRoot } from "./grown-volume.ts";
import { makePrometheusStop } from "./prometheus.ts";
import {
	nodeNamed,
	nodeRoot,
	runOnNode,
	type VolumeEnvironment,
	waitForUnmount,
} from "./volume-tools.ts";

/** MiB, as on a small disk. */
const size = 16;

/**
 * Gives Prometheus' volume a journal, as Longhorn's volumes have one: busybox makes the volumes here, and can only make
 * ext2, which the kernel mounts as ext4 without a journal. Prometheus is stopped meanwhile. A volume keeps its journal.
 *
 * @param stack where Prometheus is, and where its container has the data
 * @param data where its node has them
 */
export async function addJournal(
	environment: VolumeEnvironment,
	{ kube, nodes }: { readonly kube: KubeClient; readonly nodes: Nodes },
	stack: { readonly namespace: string; readonly dataPath: string },
	data: NodeFolder,
): Promise<void> {
	const node = nodeNamed(environment, data.node);
	const root = volumeRoot(data.folder);
	const [image, mounted] = [`${root}/volume.img`, `${root}/mounted`];
	const superblock = await runOnNode(environment, node, "dumpe2fs", [
		"-h",
		`${nodeRoot}${image}`,
	]);
	if (/^Filesystem features:.* has_journal\b/m.test(superblock)) return;
	await using stop = await makePrometheusStop(
		kube,
		stack.namespace,
		stack.dataPath,
	).begin();
	const mount = () =>
		nodes.exec(node, [
			...["mount", "-t", "ext4", "-o", "loop"],
			...[image, mounted],
		]);
	await nodes.exec(node, ["umount", mounted]);
	try {
		await waitForUnmount(nodes, node, image);
		await runOnNode(environment, node, "tune2fs", [
			"-O",
			"has_journal,extents",
			"-J",
			`size=${size}`,
			`${nodeRoot}${image}`,
		]);
	} catch (error) {
		// What failed first is what a person has to know.
		await mount().catch(() => undefined);
		throw error;
	}
	await mount();
	await stop.end();
}
