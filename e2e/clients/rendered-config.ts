import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { kubeObject } from "./kube-objects.ts";
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
const secret = kubeObject.extend({
	data: z.record(z.string(), z.string()).default({}),
});

/** Where the pods of a service find the configuration that the operator renders for them. */
export interface RenderedConfig {
	readonly service: string;
	/** The pods' volume of the Secret. */
	readonly volume: string;
	/** The Secret's key; its value is compressed by gzip. */
	readonly key: string;
}

/** The configuration as the operator rendered it last, which the pods may have mounted and loaded or not. */
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
	const { data } = await kube.get(ref, secret);
	return gunzipSync(Buffer.from(data[key] ?? "", "base64"));
}
