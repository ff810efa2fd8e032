import { toMerged } from "es-toolkit";
import { z } from "zod";
import {
	kubeObject,
	type Manifest,
	monitoringV1,
} from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";

/** The fields that both instances of Prometheus share. */
const common = z.object({
	image: z.unknown(),
	version: z.unknown(),
	nodeSelector: z.unknown(),
	securityContext: z.unknown(),
	walCompression: z.unknown(),
	/** With a volume claim of the same class. */
	storage: z.record(z.string(), z.unknown()),
});
const prometheus = kubeObject.extend({ spec: common });
const apiVersion = monitoringV1;
const kind = "Prometheus";
const name = "small";

/** How much a Prometheus may keep, and on what. */
export interface Sizes {
	/** As in `retentionSize`. */
	readonly retention: string;
	/** As in a volume claim's request. */
	readonly volumeClaim: string;
}

/** Its pod's name, as the operator chooses it. */
export const smallPod = `prometheus-${name}-0`;

/** What the small Prometheus shares with the stack's. */
export async function readCommon(
	kube: KubeClient,
	namespace: string,
): Promise<z.infer<typeof common>> {
	const [stack] = await kube.list({ apiVersion, kind, namespace }, prometheus);
	if (!stack) throw new Error(`there is no Prometheus in ${namespace}`);
	return stack.spec;
}

/** A Prometheus that takes what is written to it, scrapes nothing, and uploads nothing. */
export function makeSmallPrometheus(
	shared: z.infer<typeof common>,
	namespace: string,
	sizes: Sizes,
): Manifest {
	return {
		apiVersion,
		kind,
		metadata: { name, namespace },
		spec: toMerged(
			{
				...shared,
				enableRemoteWriteReceiver: true,
				// Without a selector, the operator would not generate a configuration.
				serviceMonitorSelector: { matchLabels: { "o11y-e2e/small": "none" } },
			},
			withSizes(sizes),
		),
	};
}

/** Gives it other sizes. The operator does not grow its volume claim: see growVolume. */
export function resize(
	kube: KubeClient,
	namespace: string,
	sizes: Sizes,
): Promise<void> {
	return kube.mergePatch(
		{ apiVersion, kind, namespace, name },
		{ spec: withSizes(sizes) },
	);
}

function withSizes({ retention, volumeClaim }: Sizes) {
	return {
		retentionSize: retention,
		storage: {
			volumeClaimTemplate: {
				spec: { resources: { requests: { storage: volumeClaim } } },
			},
		},
	};
}
