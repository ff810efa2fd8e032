import { randomBytes } from "node:crypto";
import { toMerged } from "es-toolkit";
import { z } from "zod";
import { kubeObject, type Manifest } from "../../clients/kube-objects.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import type { PrometheusClient } from "../../clients/prometheus.ts";
import { messageOf } from "../../common/errors.ts";

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

const longSeries = "o11y_e2e_long";

/** Writes series that bear long labels, about 1 MiB of them. @param write its name, by which they are counted */
export async function writeLongSeries(
	client: PrometheusClient,
	write: string,
): Promise<void> {
	const timestamp = Date.now();
	await client.write(
		Array.from({ length: seriesPerWrite }, () => ({
			labels: {
				__name__: longSeries,
				write,
				id: randomBytes((labelLength * 3) / 4).toString("base64url"),
			},
			samples: [{ timestamp, value: 1 }],
		})),
	);
}

/** What filled a disk. */
interface Filling {
	/** Names of the writes that were acknowledged. */
	readonly writes: readonly string[];
	/** What was said to the one that was not. */
	readonly refusal: string;
	/** When that was written, in milliseconds. */
	readonly at: number;
}

/** Writes until Prometheus takes no more. @param limit of writes after which it is given up */
export async function fillUp(
	client: PrometheusClient,
	limit: number,
): Promise<Filling> {
	const writes: string[] = [];
	while (writes.length < limit) {
		const at = Date.now();
		const write = String(writes.length);
		try {
			await writeLongSeries(client, write);
			writes.push(write);
		} catch (error) {
			return { writes, refusal: messageOf(error), at };
		}
	}
	throw new Error(`Prometheus took ${limit} MiB of labels`);
}

/** Those of the writes whose series are not all there. */
export async function findLostWrites(
	client: PrometheusClient,
	writes: readonly string[],
): Promise<string[]> {
	const found = await client.query(
		`count by (write) (last_over_time(${longSeries}[1h]))`,
	);
	const counts = new Map(
		found.map(({ metric, value }) => [metric.write, value?.value]),
	);
	return writes.filter((write) => counts.get(write) !== seriesPerWrite);
}
