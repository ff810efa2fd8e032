import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { secretObject } from "./kube-objects.ts";
import type { KubeClient } from "./kubernetes.ts";
import { listPodsOfService } from "./service-pods.ts";

const withSecretVolumes = z.object({
	volumes: z.array(
		z.looseObject({
			name: z.string(),
			secret: z.looseObject({ secretName: z.string() }).optional(),
		}),
	),
});

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
	const mounted = withSecretVolumes
		.parse(pod?.spec)
		.volumes.find(({ name }) => name === volume);
	const name = mounted?.secret?.secretName ?? "";
	const ref = { apiVersion: "v1", kind: "Secret", namespace, name };
	const { data } = await kube.get(ref, secretObject);
	return gunzipSync(Buffer.from(data[key] ?? "", "base64"));
}
