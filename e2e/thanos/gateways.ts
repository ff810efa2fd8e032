import type { KubeClient } from "../clients/kubernetes.ts";
import { listPodsOfService } from "../clients/service-pods.ts";
import { describeNarrowing, startsAfter } from "./arguments.ts";
import { readObjectStore } from "./object-store-config.ts";

/** A store gateway, as it is started. Several may share the bucket, each with a time of its own. */
export interface Gateway {
	readonly args: readonly string[];
	/** The place that it reads; undefined if that is not known. */
	readonly objectStore?: string | undefined;
}

/** Reads what the pods of a Service of store gateways are started with. */
export async function readGateways(
	kube: KubeClient,
	namespace: string,
	service: string,
): Promise<Gateway[]> {
	const pods = await listPodsOfService(kube, namespace, service);
	return Promise.all(
		pods
			.filter(({ metadata }) => !metadata.deletionTimestamp)
			.map(async (pod) => {
				const [own] = pod.spec.containers.filter(({ args }) =>
					args.includes("store"),
				);
				return {
					args: own?.args ?? [],
					objectStore: own && (await readObjectStore(kube, pod, own.name)),
				};
			}),
	);
}

/** What of their settings decides what they answer, as clauses for messages; empty if nothing does. */
export function describeGateways(gateways: readonly Gateway[]): string {
	const [first] = gateways;
	const places = new Set(
		gateways.flatMap(({ objectStore }) => objectStore ?? []),
	);
	const narrowing =
		gateways.length === 1 && first
			? [describeNarrowing(first.args)]
			: gateways.map(({ args }, i) =>
					describeNarrowing(args, `store gateway ${i + 1}`),
				);
	const reads =
		places.size > 0 ? `; it reads ${[...places].join(" and ")}` : "";
	return `${narrowing.join("")}${reads}`;
}

/**
 * Whether store gateways leave out a moment (milliseconds) by their arguments: each of them does.
 *
 * @param asked how many the query asks: the settings of others are not known
 */
export function allStartAfter(
	gateways: readonly Gateway[],
	asked: number,
	moment: number,
	now: number,
): boolean {
	return (
		gateways.length > 0 &&
		gateways.length >= asked &&
		gateways.every(({ args }) => startsAfter(args, moment, now))
	);
}
