import { parse } from "yaml";
import { z } from "zod";
import type { Container, Pod } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { findMountedSecret } from "../clients/mounted-secret.ts";
import { readSecretKey, type SecretKey } from "../clients/secret.ts";

const text = z.string().optional();
const objectStore = z.looseObject({
	type: z.string(),
	config: z
		.looseObject({ bucket: text, endpoint: text, directory: text })
		.prefault({}),
	prefix: text,
});

/** The Secret's key from which a container of Thanos has its object store, by a variable or a file; undefined if from none. */
export function findObjectStoreKey(
	pod: Pick<Pod, "spec">,
	container: Pick<Container, "args" | "env" | "volumeMounts">,
): SecretKey | undefined {
	for (const arg of container.args) {
		const [, variable] = /^--objstore\.config=\$\((\w+)\)$/.exec(arg) ?? [];
		const ref = container.env.find(({ name }) => name === variable)?.valueFrom
			?.secretKeyRef;
		if (ref) return ref;
		const [, path] = /^--objstore\.config-file=(.+)$/.exec(arg) ?? [];
		if (path) return findMountedSecret(pod, container, path);
	}
	return undefined;
}

/** Names the place that a configuration of Thanos' object store leads to, without credentials; undefined if it cannot be read. */
export function describeObjectStore(yaml: string): string | undefined {
	const read = objectStore.safeParse(parse(yaml));
	if (!read.success) return undefined;
	const { type, config, prefix } = read.data;
	const { bucket, endpoint, directory } = config;
	const place = bucket
		? `bucket ${bucket}${endpoint ? ` at ${endpoint}` : ""}`
		: directory
			? `folder ${directory}`
			: "no bucket";
	return `${place} (type ${type}${prefix ? `, below ${prefix}` : ""})`;
}

/** The place that a container of Thanos in a pod is told to use, with the Secret that says so; undefined as above. */
export async function readObjectStore(
	kube: KubeClient,
	pod: Pod,
	name: string,
): Promise<string | undefined> {
	const container = pod.spec.containers.find((each) => each.name === name);
	const key = container && findObjectStoreKey(pod, container);
	if (!key) return undefined;
	const content = await readSecretKey(kube, pod.metadata.namespace ?? "", key);
	const place = describeObjectStore(content.toString());
	return place && `${place}, by Secret ${key.name}`;
}
