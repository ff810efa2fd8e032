import { randomBytes } from "node:crypto";
import { toMerged } from "es-toolkit";
import { z } from "zod";
import { kubeObject, type Manifest } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import { messageOf } from "../harness/errors.ts";

/** Fields that make both alike. */
const common = z.object({
	image: z.unknown(),
	version: z.unknown(),
	nodeSelector: z.unknown(),
	securityContext: z.unknown(),
	walCompression: z.unknown(),
	/** With a claim of the same class. */
	storage: z.record(z.string(), z.unknown()),
});
const prometheus = kubeObject.extend({ spec: common });
const apiVersion = "monitoring.coreos.com/v1";
const kind = "Prometheus";
const name = "small";

/** How much a Prometheus may keep, and on what. */
interface Sizes {
	/** As in `retentionSize`. */
	readonly retention: string;
	/** As in a claim's request. */
	readonly claim: string;
}

/** The pod that the operator makes for it. */
export const smallPod = `prometheus-${name}-0`;

/** What the stack's Prometheus is made of that the small one shares. */
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
				// Without any selector, the operator would leave its configuration to others.
				serviceMonitorSelector: { matchLabels: { "o11y-e2e/small": "none" } },
			},
			withSizes(sizes),
		),
	};
}

/** Gives it other sizes; its claim is grown apart from that, for the operator does not. */
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

function withSizes({ retention, claim }: Sizes) {
	return {
		retentionSize: retention,
		storage: {
			volumeClaimTemplate: {
				spec: { resources: { requests: { storage: claim } } },
			},
		},
	};
}

const seriesPerWrite = 16;
/** Characters of each series' label: nothing fills a disk faster than labels, for nothing compresses them. */
const labelLength = 64 * 1024;

/** Writes series that bear long labels, about 1 MiB of them. */
export async function writeLongSeries(client: PrometheusClient): Promise<void> {
	const timestamp = Date.now();
	await client.write(
		Array.from({ length: seriesPerWrite }, () => ({
			labels: {
				__name__: "o11y_e2e_long",
				id: randomBytes((labelLength * 3) / 4).toString("base64url"),
			},
			samples: [{ timestamp, value: 1 }],
		})),
	);
}

/**
 * Writes until Prometheus takes no more.
 *
 * @param writes after which it is given up
 * @returns its refusal, and when that was asked for, in milliseconds
 */
export async function fillUp(
	client: PrometheusClient,
	writes: number,
): Promise<{ refusal: string; at: number }> {
	for (let i = 0; i < writes; i++) {
		const at = Date.now();
		try {
			await writeLongSeries(client);
		} catch (error) {
			return { refusal: messageOf(error), at };
		}
	}
	throw new Error(`Prometheus took ${writes} MiB of labels`);
}
