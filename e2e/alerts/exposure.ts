import { z } from "zod";
import { kubeObject, pod } from "../clients/kube-objects.ts";
import { type KubeClient, KubeError, type Pod } from "../clients/kubernetes.ts";
import { holds } from "./secrecy.ts";

const container = z.looseObject({
	volumeMounts: z
		.array(z.looseObject({ name: z.string(), mountPath: z.string() }))
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
const withData = kubeObject.extend({
	data: z.record(z.string(), z.string()).default({}),
	binaryData: z.record(z.string(), z.string()).default({}),
});

/** One key of a Secret, and where a pod sees it as a file. */
export interface MountedKey {
	readonly secretName: string;
	readonly key: string;
}

/** Which Secret's key a pod finds under a path; `undefined` where that is no file from a Secret. */
export function findMountedKey(
	{ spec }: Pod,
	path: string,
): MountedKey | undefined {
	const { containers, volumes } = withMounts.parse(spec);
	for (const { name, mountPath } of containers.flatMap(
		({ volumeMounts }) => volumeMounts,
	)) {
		const folder = `${mountPath.replace(/\/$/, "")}/`;
		const secretName = volumes.find((each) => each.name === name)?.secret
			?.secretName;
		if (secretName && path.startsWith(folder))
			return { secretName, key: path.slice(folder.length) };
	}
	return undefined;
}

/** The text of a Secret's key. */
export async function readSecretKey(
	kube: KubeClient,
	namespace: string,
	{ secretName: name, key }: MountedKey,
): Promise<string> {
	const ref = { apiVersion: "v1", kind: "Secret", namespace, name };
	const { data } = await kube.get(ref, withData);
	return Buffer.from(data[key] ?? "", "base64").toString();
}

/**
 * Every place in a namespace where the secret stands, except in the Secret that is its home: Secrets, ConfigMaps,
 * pods and their containers' logs. Places only: what is found is never handed out.
 */
export async function findExposures(
	kube: KubeClient,
	namespace: string,
	needles: readonly string[],
	home: MountedKey,
): Promise<string[]> {
	const places: string[] = [];
	for (const kind of ["Secret", "ConfigMap"]) {
		const all = await kube.list(
			{ apiVersion: "v1", kind, namespace },
			withData,
		);
		for (const { metadata, data, binaryData } of all) {
			// Its home may bear more than the key alone: kubectl keeps what was applied in an annotation.
			if (kind === "Secret" && metadata.name === home.secretName) continue;
			const entries = Object.entries({
				...data,
				...binaryData,
				annotations: JSON.stringify(metadata.annotations),
			});
			for (const [key, value] of entries)
				if (holds(value, needles))
					places.push(`${kind} ${metadata.name}, ${key}`);
		}
	}
	const pods = await kube.list(
		{ apiVersion: "v1", kind: "Pod", namespace },
		pod,
	);
	for (const each of pods) {
		const { name } = each.metadata;
		if (holds(JSON.stringify(each), needles)) places.push(`pod ${name}`);
		for (const container of [
			...each.spec.initContainers,
			...each.spec.containers,
		]) {
			const log = await readLog(kube, namespace, name, container.name);
			if (holds(log, needles))
				places.push(`log of pod ${name}, container ${container.name}`);
		}
	}
	return places;
}

async function readLog(
	kube: KubeClient,
	namespace: string,
	pod: string,
	container: string,
): Promise<string> {
	try {
		return await kube.logs(namespace, pod, { container });
	} catch (error) {
		// Not started yet (400), or gone since it was listed (404): it has said nothing.
		if (error instanceof KubeError && [400, 404].includes(error.status ?? 0))
			return "";
		throw error;
	}
}
