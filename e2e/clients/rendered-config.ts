import { gunzipSync } from "node:zlib";
import type { KubeClient } from "./kubernetes.ts";
import { readSecretKey } from "./secret.ts";
import { listPodsOfService } from "./service-pods.ts";

/** Where the pods of a Service find the configuration that the operator renders for them. */
export interface RenderedConfig {
	readonly service: string;
	/** The pods' volume that mounts the Secret. */
	readonly volume: string;
	/** The key in the Secret; its value is gzipped. */
	readonly key: string;
}

/** The configuration that the operator rendered last. The pods may not have mounted or loaded it yet. */
export async function readRenderedConfig(
	kube: KubeClient,
	namespace: string,
	{ service, volume, key }: RenderedConfig,
): Promise<Buffer> {
	const [pod] = await listPodsOfService(kube, namespace, service);
	const mounted = pod?.spec.volumes.find(({ name }) => name === volume);
	const name = mounted?.secret?.secretName;
	if (!name)
		throw new Error(`no pod of ${service} mounts a Secret as ${volume}`);
	return gunzipSync(await readSecretKey(kube, namespace, { name, key }));
}
