import { dirname } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { kubeObject, pod } from "../../clients/kube-objects.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import { budgets } from "../../common/budgets.ts";
import { eventually, HopelessError, notYet } from "../../common/eventually.ts";
import type { NodeFolder } from "../../harness/cluster/prometheus-pod.ts";
import type { DataPlace } from "../../wal/data-volume.ts";

const provisionerConfig = kubeObject.extend({
	data: z.looseObject({
		"helperPod.yaml": z
			.string()
			.transform((text): unknown => parse(text))
			.pipe(
				z.looseObject({
					spec: z.looseObject({
						containers: z.array(z.looseObject({ name: z.string() })).nonempty(),
					}),
				}),
			),
	}),
});

/**
 * The volume of stack/manifests/storage.yaml in a larger file. The image has no tool that grows a file system in place, so
 * the data is copied to a new one.
 */
const script = `set -eu
in_node() { PATH="$PATH:/bin/aux" busybox nsenter -t 1 -m -- "$@"; }
root="/proc/1/root$1"
busybox truncate -s "$2" "$root/grown.img"
busybox mke2fs -F -m 0 -i 65536 "$root/grown.img"
mkdir "$root/grown"
in_node mount -t ext4 -o loop "$1/grown.img" "$1/grown"
in_node cp -a "$1/mounted/." "$1/grown/"
in_node umount "$1/grown"
in_node umount "$1/mounted"
in_node mv "$1/grown.img" "$1/volume.img"
in_node rmdir "$1/grown"
in_node mount -t ext4 -o loop "$1/volume.img" "$1/mounted"
`;

/**
 * Grows a volume that no pod has mounted, as its storage would: file and file system, volume and volume claim.
 *
 * @param namespace of the volume claim; the pod that grows it runs there
 * @param bytes the new size
 */
export async function growVolume(
	kube: KubeClient,
	namespace: string,
	{ volumeClaim, volume }: DataPlace,
	{ node, folder }: NodeFolder,
	bytes: number,
): Promise<void> {
	const storage = String(bytes);
	const volumeClaimRef = {
		apiVersion: "v1",
		kind: "PersistentVolumeClaim",
		namespace,
		name: volumeClaim,
	};
	await kube.mergePatch(volumeClaimRef, {
		spec: { resources: { requests: { storage } } },
	});
	await runOnNode(kube, namespace, node, [volumeRoot(folder), storage]);
	await kube.mergePatch(
		{ apiVersion: "v1", kind: "PersistentVolume", name: volume },
		{ spec: { capacity: { storage } } },
	);
	await kube.mergePatch(
		volumeClaimRef,
		{ status: { capacity: { storage } } },
		"status",
	);
}

/** The folder that has a volume's file and its mount. @throws Error when the data is elsewhere */
export function volumeRoot(folder: string): string {
	const mark = "/mounted/";
	const end = folder.indexOf(mark);
	if (end < 0) throw new Error(`${folder} is not on a volume of its own`);
	return dirname(folder.slice(0, end + mark.length));
}

/** Runs the script in a pod that is made like those of the provisioner. */
async function runOnNode(
	kube: KubeClient,
	namespace: string,
	nodeName: string,
	args: readonly string[],
): Promise<void> {
	const { data } = await kube.get(
		{
			apiVersion: "v1",
			kind: "ConfigMap",
			namespace: "local-path-storage",
			name: "local-path-config",
		},
		provisionerConfig,
	);
	const { spec } = data["helperPod.yaml"];
	const [container] = spec.containers;
	const ref = { apiVersion: "v1", kind: "Pod", namespace, name: "grow-volume" };
	await kube.apply([
		{
			apiVersion: "v1",
			kind: "Pod",
			metadata: { namespace, name: ref.name },
			spec: {
				...spec,
				nodeName,
				restartPolicy: "Never",
				containers: [
					{ ...container, command: ["sh", "-c", script, "sh", ...args] },
				],
			},
		},
	]);
	await eventually("the volume has grown", budgets.rollout, async () => {
		const { phase = "unknown" } = (await kube.get(ref, pod)).status;
		if (phase === "Failed")
			throw new HopelessError(await kube.logs(namespace, ref.name));
		if (phase !== "Succeeded") return notYet(`its pod is ${phase}`);
	});
}
