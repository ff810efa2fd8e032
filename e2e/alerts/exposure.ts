import pLimit from "p-limit";
import { z } from "zod";
import { KubeError } from "../clients/api-server/kube-error.ts";
import {
	type KubeObject,
	kubeObject,
	type Pod,
	pod,
	secretObject,
} from "../clients/kube-objects.ts";
import type { KubeClient, LogOptions } from "../clients/kubernetes.ts";
import { containsSecret } from "../common/secrecy/search.ts";

const configMap = kubeObject.extend({
	data: z.record(z.string(), z.string()).default({}),
	binaryData: z.record(z.string(), z.string()).default({}),
});

/** Something that anybody with access to the cluster may read. */
export interface Place {
	readonly name: string;
	readonly content: string;
}

const atOnce = 4;

/**
 * Secrets, ConfigMaps and pods of a namespace.
 *
 * @param homes names of the Secrets that are meant to contain the secret: they are left out
 */
export async function readObjects(
	kube: KubeClient,
	namespace: string,
	homes: ReadonlySet<string>,
): Promise<Place[]> {
	const secrets = await kube.list(
		{ apiVersion: "v1", kind: "Secret", namespace },
		secretObject,
	);
	const configMaps = await kube.list(
		{ apiVersion: "v1", kind: "ConfigMap", namespace },
		configMap,
	);
	const pods = await listPods(kube, namespace);
	return [
		...secrets
			// Left out as a whole: kubectl also keeps what was applied in an annotation.
			.filter(({ metadata }) => !homes.has(metadata.name))
			// What External Secrets writes is meant to have it, whichever Secret Alertmanager mounts.
			.filter(
				({ metadata }) =>
					!metadata.ownerReferences.some(
						({ kind }) => kind === "ExternalSecret",
					),
			)
			.flatMap((each) => placesOf(each, each.data)),
		...configMaps.flatMap((each) =>
			placesOf(each, { ...each.data, ...each.binaryData }),
		),
		...pods.map((each) => ({
			name: `pod ${each.metadata.name}`,
			content: JSON.stringify(each),
		})),
	];
}

/** The logs of a namespace's containers, including those before a restart. */
export async function readLogs(
	kube: KubeClient,
	namespace: string,
): Promise<Place[]> {
	const pods = await listPods(kube, namespace);
	const logs = pods.flatMap(({ metadata, spec, status }) => {
		const restarted = new Set(
			[...status.initContainerStatuses, ...status.containerStatuses]
				.filter(({ restartCount }) => restartCount > 0)
				.map(({ name }) => name),
		);
		return [...spec.initContainers, ...spec.containers].flatMap(({ name }) =>
			[false, ...(restarted.has(name) ? [true] : [])].map((previous) => ({
				pod: metadata.name,
				container: name,
				previous,
			})),
		);
	});
	return pLimit(atOnce).map(logs, async ({ pod, container, previous }) => ({
		name: `${previous ? "previous log" : "log"} of pod ${pod}, container ${container}`,
		content: await readLog(kube, namespace, pod, { container, previous }),
	}));
}

/** The places that contain the secret. Only their names: their contents are never returned. */
export function findExposures(
	places: readonly Place[],
	needles: readonly string[],
): string[] {
	return places
		.filter(({ content }) => containsSecret(content, needles))
		.map(({ name }) => name);
}

function placesOf(
	{ kind, metadata }: KubeObject,
	data: Readonly<Record<string, string>>,
): Place[] {
	return Object.entries({
		...data,
		annotations: JSON.stringify(metadata.annotations),
	}).map(([key, content]) => ({
		name: `${kind} ${metadata.name}, ${key}`,
		content,
	}));
}

function listPods(kube: KubeClient, namespace: string): Promise<Pod[]> {
	return kube.list({ apiVersion: "v1", kind: "Pod", namespace }, pod);
}

async function readLog(
	kube: KubeClient,
	namespace: string,
	pod: string,
	options: LogOptions,
): Promise<string> {
	try {
		return await kube.logs(namespace, pod, options);
	} catch (error) {
		// Not started yet or no longer kept (400), or gone since it was listed (404): there is no log.
		if (error instanceof KubeError && [400, 404].includes(error.status ?? 0))
			return "";
		throw error;
	}
}
