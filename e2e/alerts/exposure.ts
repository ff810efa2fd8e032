import pLimit from "p-limit";
import { z } from "zod";
import { KubeError } from "../clients/api-server/api-server.ts";
import {
	kubeObject,
	type Pod,
	pod,
	secretObject,
} from "../clients/kube-objects.ts";
import type { KubeClient, LogOptions } from "../clients/kubernetes.ts";
import { containsSecret } from "../common/secrecy/search.ts";

const container = z.looseObject({
	volumeMounts: z
		.array(
			z.looseObject({
				name: z.string(),
				mountPath: z.string(),
				/** The key that is mounted, if it is not the whole Secret. */
				subPath: z.string().optional(),
			}),
		)
		.default([]),
});
const withMounts = z.looseObject({
	containers: z.array(container),
	volumes: z.array(
		z.looseObject({
			name: z.string(),
			secret: z.looseObject({ secretName: z.string() }).optional(),
		}),
	),
});
/** A Secret or a ConfigMap. */
const withData = kubeObject.extend({
	data: z.record(z.string(), z.string()).default({}),
	binaryData: z.record(z.string(), z.string()).default({}),
});

/** One key of a Secret that a pod mounts as a file. */
export interface MountedKey {
	readonly secretName: string;
	readonly key: string;
}

/** The Secret's key that a pod has at a path; undefined if it is not a file from a Secret. */
export function findMountedKey(
	{ spec }: Pod,
	path: string,
): MountedKey | undefined {
	const { containers, volumes } = withMounts.parse(spec);
	for (const { name, mountPath, subPath } of containers.flatMap(
		({ volumeMounts }) => volumeMounts,
	)) {
		const folder = `${mountPath.replace(/\/$/, "")}/`;
		const secretName = volumes.find((each) => each.name === name)?.secret
			?.secretName;
		if (secretName && subPath && path === mountPath)
			return { secretName, key: subPath };
		if (secretName && !subPath && path.startsWith(folder))
			return { secretName, key: path.slice(folder.length) };
	}
	return undefined;
}

/** The decoded text of a Secret's key. */
export async function readSecretKey(
	kube: KubeClient,
	namespace: string,
	{ secretName: name, key }: MountedKey,
): Promise<string> {
	const ref = { apiVersion: "v1", kind: "Secret", namespace, name };
	const { data } = await kube.get(ref, secretObject);
	return Buffer.from(data[key] ?? "", "base64").toString();
}

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
	const places: Place[] = [];
	for (const kind of ["Secret", "ConfigMap"]) {
		const all = await kube.list(
			{ apiVersion: "v1", kind, namespace },
			withData,
		);
		for (const { metadata, data, binaryData } of all) {
			// Left out as a whole: kubectl also keeps what was applied in an annotation.
			if (kind === "Secret" && homes.has(metadata.name)) continue;
			const entries = Object.entries({
				...data,
				...binaryData,
				annotations: JSON.stringify(metadata.annotations),
			});
			for (const [key, content] of entries)
				places.push({ name: `${kind} ${metadata.name}, ${key}`, content });
		}
	}
	const pods = await listPods(kube, namespace);
	return [
		...places,
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
