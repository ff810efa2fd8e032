import { z } from "zod";
import { kubeObject, type Pod } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { budgets } from "../common/budgets.ts";
import { eventually, HopelessError } from "../common/eventually.ts";
import { parseQuantity } from "../common/sizes.ts";

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
	/** Bytes of its file system. */
	readonly capacity: number;
}

/** Why a volume is not of the size that its claim asks for. A file system takes less than a tenth for itself. */
export function explainSize({
	claim,
	requested,
	capacity,
}: MountedVolume): string[] {
	return capacity > 0.9 * requested && capacity <= requested
		? []
		: [
				`claim ${claim} asks for ${requested} bytes, and its file system has ${capacity}`,
			];
}

/**
 * Waits until the kubelet has looked at the volumes of all claims that a pod mounts.
 *
 * @throws HopelessError when it mounts none
 */
export async function waitForMountedVolumes(
	kube: KubeClient,
	pod: Pod,
): Promise<MountedVolume[]> {
	const volumes = await eventually(
		`the kubelet tells of the volumes of ${pod.metadata.name}`,
		budgets.scrapeInterval,
		() => readMountedVolumes(kube, pod),
		(found) =>
			found.every(({ capacity }) => capacity !== undefined) ||
			"it has not looked at all of them yet",
	);
	return volumes.map(({ capacity = 0, ...volume }) => ({
		...volume,
		capacity,
	}));
}

async function readMountedVolumes(kube: KubeClient, { metadata, spec }: Pod) {
	const answer = await kube.request(
		"GET",
		`/api/v1/nodes/${spec.nodeName}/proxy/stats/summary`,
	);
	const { pods } = statsSummary.parse(answer.json());
	const seen = pods.find(({ podRef }) => podRef.uid === metadata.uid);
	const claims = spec.volumes.flatMap(
		(volume) => volume.persistentVolumeClaim?.claimName ?? [],
	);
	if (claims.length === 0)
		throw new HopelessError(`pod ${metadata.name} mounts no claim`);
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
