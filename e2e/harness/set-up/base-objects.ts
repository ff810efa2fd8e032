import { readFile } from "node:fs/promises";
import { stringify } from "yaml";
import type { KubeClient, Manifest } from "../../clients/kubernetes.ts";
import { projectPath } from "../../common/paths.ts";
import type { StartedObjectStore } from "../cluster/object-store.ts";
import { readManifests } from "../images/manifests.ts";
import type { ProvidedImage } from "../images/source.ts";
import type { HomelabSecrets } from "./homelab-secrets.ts";

/** What stands in for parts of a homelab in every run, each in a sentence. */
export const baseStandIns: readonly string[] = [
	"StorageClass longhorn: files of the node with a file system in each, by local-path-provisioner, for Longhorn, which needs iSCSI in the kernel",
	"slack-mock: for Slack's incoming webhooks",
];

/** What the stack finds in a homelab before it is installed: DNS, storage, and the mock that stands for Slack. */
export async function applyBaseObjects(
	kube: KubeClient,
	images: ReadonlyMap<string, ProvidedImage>,
	{ slackWebhookUrl, rotatedSlackWebhookUrl }: HomelabSecrets,
): Promise<void> {
	const files = await Promise.all(
		[
			"stack/manifests/coredns.yaml",
			"stack/manifests/storage.yaml",
			"fixtures/slack-mock/deployment.yaml",
		].map((path) => readManifests(path, images)),
	);
	await kube.apply(files.join("\n---\n"));
	await kube.apply([
		await makeSource("slack-mock", "slack-mock"),
		makeSecret("slack-mock", "slack-mock-webhook", {
			"webhook-urls": `${slackWebhookUrl}\n${rotatedSlackWebhookUrl}`,
		}),
	]);
}

/** The source of a fixture, as the ConfigMap that its pod runs it from. */
export async function makeSource(
	namespace: string,
	fixture: string,
): Promise<Manifest> {
	const path = projectPath("fixtures", fixture, "server.ts");
	return {
		apiVersion: "v1",
		kind: "ConfigMap",
		metadata: { name: `${fixture}-source`, namespace },
		data: { "server.ts": await readFile(path, "utf8") },
	};
}

/** The object store's place in the cluster, and the Secret with which Thanos writes there. */
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
	]);
}

/** The Secrets that the homelab's values refer to, where nothing brings them from Doppler. */
export async function applySecrets(
	kube: KubeClient,
	namespace: string,
	{ slackWebhookUrl, grafanaAdmin }: HomelabSecrets,
): Promise<void> {
	await kube.apply([
		makeSecret(namespace, "alertmanager-slack", {
			"webhook-url": slackWebhookUrl,
		}),
		makeSecret(namespace, "grafana-admin", {
			"admin-user": grafanaAdmin.user,
			"admin-password": grafanaAdmin.password,
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
