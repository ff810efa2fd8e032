import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { stringify } from "yaml";
import type { KubeClient, Manifest } from "../clients/kubernetes.ts";
import type { ProvidedImage } from "./images/source.ts";
import { readManifests } from "./manifests.ts";
import type { StartedObjectStore } from "./object-store.ts";
import { projectPath } from "./paths.ts";

/** The homelab's Slack webhook URL as Doppler would hand it over; it points at the mock in the cluster. */
export function makeSlackWebhookUrl(): string {
	const part = (prefix: string, bytes: number) =>
		prefix + randomBytes(bytes).toString("hex").toUpperCase();
	return `http://slack-mock.slack-mock.svc/services/${part("T", 4)}/${part("B", 4)}/${randomBytes(12).toString("hex")}`;
}

/** What the stack finds in a homelab before it is installed: DNS, storage, and the mock that stands for Slack. */
export async function applyGroundWork(
	kube: KubeClient,
	images: ReadonlyMap<string, ProvidedImage>,
	slackWebhookUrl: string,
): Promise<void> {
	const files = await Promise.all(
		[
			"stack/manifests/coredns.yaml",
			"stack/manifests/storage.yaml",
			"fixtures/slack-mock/deployment.yaml",
		].map((path) => readManifests(path, images)),
	);
	const source = await readFile(
		projectPath("fixtures/slack-mock/server.ts"),
		"utf8",
	);
	await kube.apply(files.join("\n---\n"));
	await kube.apply([
		{
			apiVersion: "v1",
			kind: "ConfigMap",
			metadata: { name: "slack-mock-source", namespace: "slack-mock" },
			data: { "server.ts": source },
		},
		makeSecret("slack-mock", "slack-mock-webhook", {
			"webhook-url": slackWebhookUrl,
		}),
	]);
}

/** The Secrets that the homelab's values refer to. */
export async function applySecrets(
	kube: KubeClient,
	namespace: string,
	objectStore: StartedObjectStore,
	slackWebhookUrl: string,
): Promise<void> {
	await kube.apply([
		{ apiVersion: "v1", kind: "Namespace", metadata: { name: "minio" } },
		{
			apiVersion: "v1",
			kind: "Service",
			metadata: { name: "minio", namespace: "minio" },
			spec: { ports: [{ name: "s3", port: objectStore.port }] },
		},
		// MinIO runs beside the cluster: the Service has no pods, so its address is given by hand.
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
		makeSecret(namespace, "alertmanager-slack", {
			"webhook-url": slackWebhookUrl,
		}),
	]);
}

/** What it takes to write into the object store as Thanos does. */
export type ThanosStore = Pick<StartedObjectStore, "port" | "thanosUser"> & {
	readonly access: Pick<StartedObjectStore["access"], "bucket">;
};

/** Thanos' configuration of the object store, as YAML. */
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

export function makeSecret(
	namespace: string,
	name: string,
	stringData: Record<string, string>,
): Manifest {
	return {
		apiVersion: "v1",
		kind: "Secret",
		metadata: { name, namespace },
		stringData,
	};
}
