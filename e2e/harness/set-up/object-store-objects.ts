import { stringify } from "yaml";
import type { KubeClient } from "../../clients/kubernetes.ts";
import { makeSecret } from "../../clients/secret.ts";
import type { StartedObjectStore } from "../cluster/object-store.ts";

/** Applies the object store's Service, and the Secret with Thanos' access to it. */
export async function applyObjectStore(
	kube: KubeClient,
	namespace: string,
	objectStore: StartedObjectStore,
): Promise<void> {
	await kube.apply([
		{ apiVersion: "v1", kind: "Namespace", metadata: { name: "minio" } },
		{
			apiVersion: "v1",
			kind: "Service",
			metadata: { name: "minio", namespace: "minio", labels: { app: "minio" } },
			spec: { ports: [{ name: "s3", port: objectStore.port }] },
		},
		// MinIO runs outside of the cluster: the Service has no pods, so its Endpoints are written here.
		{
			apiVersion: "v1",
			kind: "Endpoints",
			metadata: { name: "minio", namespace: "minio" },
			subsets: [
				{
					addresses: [{ ip: objectStore.ip }],
					ports: [{ name: "s3", port: objectStore.port }],
				},
			],
		},
		{ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
		makeSecret(namespace, "thanos-objstore", {
			"objstore.yml": makeObjectStoreConfig(objectStore),
		}),
	]);
}

/** What Thanos needs to know of the object store. */
export type ThanosStore = Pick<StartedObjectStore, "port" | "thanosUser"> & {
	readonly access: Pick<StartedObjectStore["access"], "bucket">;
};

/** Makes Thanos' configuration of the object store, as YAML. */
export function makeObjectStoreConfig({
	port,
	access,
	thanosUser,
}: ThanosStore): string {
	return stringify({
		type: "S3",
		config: {
			bucket: access.bucket,
			endpoint: `minio.minio.svc:${port}`,
			insecure: true,
			access_key: thanosUser.accessKey,
			secret_key: thanosUser.secretKey,
		},
	});
}
