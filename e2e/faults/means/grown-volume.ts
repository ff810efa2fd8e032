import { dirname } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { kubeObject, pod } from "../../clients/kube-objects.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import { budgets } from "../../common/budgets.ts";
import { eventually, HopelessError } from "../../common/eventually.ts";
import type { DataPlace } from "../../wal/data-volume.ts";
import type { RestingData } from "./stopped-prometheus.ts";

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
 * The volume of stack/manifests/storage.yaml in a larger file: nothing there could stretch a file system in its place,
 * so a new one takes over what the old one held.
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
 * Grows a volume that no pod has mounted, as its storage would: file and file system, volume and claim.
 *
 * @param namespace of the claim; the pod that does it runs there
 * @param bytes that it has afterwards
 */
export async function growVolume(
	kube: KubeClient,
	namespace: string,
	{ claim, volume }: DataPlace,
	{ node, folder }: RestingData,
	bytes: number,
): Promise<void> {
	const storage = String(bytes);
	const claimRef = {
		apiVersion: "v1",
		kind: "PersistentVolumeClaim",
		namespace,
		name: claim,
	};
	await kube.mergePatch(claimRef, {
		spec: { resources: { requests: { storage } } },
	});
	await runOnNode(kube, namespace, node, [volumeRoot(folder), storage]);
	await kube.mergePatch(
		{ apiVersion: "v1", kind: "PersistentVolume", name: volume },
		{ spec: { capacity: { storage } } },
	);
	await kube.mergePatch(
		claimRef,
		{ status: { capacity: { storage } } },
		"status",
	);
}

/** The folder of a volume's file and of what is mounted from it. @throws Error where the data is elsewhere */
function volumeRoot(folder: string): string {
	const mark = "/mounted/";
	const end = folder.indexOf(mark);
	if (end < 0) throw new Error(`${folder} lies on no volume of its own`);
	return dirname(folder.slice(0, end + mark.length));
}

/** Runs the script in a pod like those of the provisioner. */
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
	await eventually(
		"the volume has grown",
		budgets.rollout,
		async () => {
			const { phase = "unknown" } = (await kube.get(ref, pod)).status;
			if (phase === "Failed")
				throw new HopelessError(await kube.logs(namespace, ref.name));
			return phase;
		},
		(phase) => phase === "Succeeded" || `its pod is ${phase}`,
	);
}
