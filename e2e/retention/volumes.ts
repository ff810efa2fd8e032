import { z } from "zod";
import { kubeObject, type Pod } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { budgets } from "../common/budgets.ts";
import { eventually, HopelessError, notYet } from "../common/eventually.ts";
import { parseQuantity } from "../common/sizes.ts";

const sizedVolumeClaim = kubeObject.extend({
	spec: z.looseObject({
		resources: z.looseObject({
			requests: z.looseObject({
				storage: z.string().transform(parseQuantity),
			}),
		}),
	}),
	status: z.looseObject({
		capacity: z
			.looseObject({ storage: z.string().transform(parseQuantity) })
			.optional(),
	}),
});

/** What a kubelet shows of its pods' volumes. */
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
	readonly volumeClaim: string;
	/** Bytes that its volume claim asks for. */
	readonly requested: number;
	/** Bytes that it got: a provisioner may round up. */
	readonly provisioned: number;
	/** Bytes of its file system. */
	readonly capacity: number;
}

/** Why the size of a volume does not match its volume claim. A file system uses less than a tenth of it. */
export function explainSize({
	volumeClaim,
	requested,
	provisioned,
	capacity,
}: MountedVolume): string[] {
	return capacity > 0.9 * requested && capacity <= provisioned
		? []
		: [
				`volume claim ${volumeClaim} asks for ${requested} bytes and got ${provisioned}, and its file system has ${capacity}`,
			];
}

/**
 * Waits until the kubelet has looked at the volumes of all volume claims that a pod mounts.
 *
 * @throws HopelessError when it mounts none
 */
export async function waitForMountedVolumes(
	kube: KubeClient,
	pod: Pod,
): Promise<MountedVolume[]> {
	return eventually(
		`the kubelet shows the volumes of ${pod.metadata.name}`,
		budgets.scrapeInterval,
		async () =>
			(await readMountedVolumes(kube, pod)) ??
			notYet("it has not looked at all of them"),
	);
}

/** @returns undefined if the kubelet has not looked at all of them yet */
async function readMountedVolumes(
	kube: KubeClient,
	{ metadata, spec }: Pod,
): Promise<MountedVolume[] | undefined> {
	const answer = await kube.request(
		"GET",
		`/api/v1/nodes/${spec.nodeName}/proxy/stats/summary`,
	);
	const { pods } = answer.read(statsSummary);
	const seen = pods.find(({ podRef }) => podRef.uid === metadata.uid);
	const names = spec.volumes.flatMap(
		(volume) => volume.persistentVolumeClaim?.claimName ?? [],
	);
	if (names.length === 0)
		throw new HopelessError(`pod ${metadata.name} mounts no volume claim`);
	const volumes = await Promise.all(
		names.map(async (name) => {
			const { namespace } = metadata;
			const { spec, status } = await kube.get(
				{ apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name },
				sizedVolumeClaim,
			);
			const capacity = seen?.volume.find(
				({ pvcRef }) => pvcRef?.name === name,
			)?.capacityBytes;
			const requested = spec.resources.requests.storage;
			return capacity === undefined
				? undefined
				: {
						volumeClaim: name,
						requested,
						provisioned: status.capacity?.storage ?? requested,
						capacity,
					};
		}),
	);
	const known = volumes.filter((each) => each !== undefined);
	return known.length === volumes.length ? known : undefined;
}
