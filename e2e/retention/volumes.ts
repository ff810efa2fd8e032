import { z } from "zod";
import { kubeObject, type Pod } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { parseQuantity } from "../harness/sizes.ts";

const claim = kubeObject.extend({
	spec: z.looseObject({
		resources: z.looseObject({
			requests: z.looseObject({
				storage: z.string().transform(parseQuantity),
			}),
		}),
	}),
});

/** What a kubelet tells of its pods' volumes. */
const statsSummary = z.looseObject({
	pods: z.array(
		z.looseObject({
			podRef: z.looseObject({ uid: z.string() }),
			volume: z
				.array(
					z.looseObject({
						pvcRef: z.looseObject({ name: z.string() }).optional(),
						capacityBytes: z.number().optional(),
					}),
				)
				.default([]),
		}),
	),
});

/** A volume in use. */
export interface MountedVolume {
	readonly claim: string;
	/** Bytes that its claim asks for. */
	readonly requested: number;
	/** Bytes of its file system; undefined until the kubelet has looked. */
	readonly capacity: number | undefined;
}

/** The volumes of the claims that a pod mounts, as its kubelet sees them. */
export async function readMountedVolumes(
	kube: KubeClient,
	{ metadata, spec }: Pod,
): Promise<MountedVolume[]> {
	const answer = await kube.request(
		"GET",
		`/api/v1/nodes/${spec.nodeName}/proxy/stats/summary`,
	);
	const { pods } = statsSummary.parse(answer.json());
	const seen = pods.find(({ podRef }) => podRef.uid === metadata.uid);
	const claims = spec.volumes.flatMap(
		(volume) => volume.persistentVolumeClaim?.claimName ?? [],
	);
	return Promise.all(
		claims.map(async (name) => {
			const { namespace } = metadata;
			const { spec } = await kube.get(
				{ apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name },
				claim,
			);
			return {
				claim: name,
				requested: spec.resources.requests.storage,
				capacity: seen?.volume.find(({ pvcRef }) => pvcRef?.name === name)
					?.capacityBytes,
			};
		}),
	);
}
