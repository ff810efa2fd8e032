import { uniqBy } from "es-toolkit";
import type { AlertmanagerClient } from "../clients/alertmanager.ts";
import type { Pod } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { findMountedSecret } from "../clients/mounted-secret.ts";
import { makeRefresher } from "../clients/mounts.ts";
import { readSecretKey, type SecretKey } from "../clients/secret.ts";
import { listPodsOfService } from "../clients/service-pods.ts";
import { budgets } from "../common/budgets.ts";
import { eventually, notYet } from "../common/eventually.ts";
import type { Nodes } from "../harness/cluster/nodes.ts";
import { listWebhookFiles } from "../harness/set-up/secrets/webhook-files.ts";

interface AlertmanagerAccess {
	readonly kube: KubeClient;
	readonly nodes: Nodes;
	readonly alertmanager: AlertmanagerClient;
	/** The namespace of the stack. */
	readonly namespace: string;
}

const service = "alertmanager-operated";

/** Alertmanager's pods. @throws Error if there is none */
export async function listAlertmanagerPods({
	kube,
	namespace,
}: Pick<AlertmanagerAccess, "kube" | "namespace">): Promise<Pod[]> {
	const pods = await listPodsOfService(kube, namespace, service);
	const living = pods.filter(({ metadata }) => !metadata.deletionTimestamp);
	if (living.length === 0)
		throw new Error(`Service ${service} selects no pod of Alertmanager`);
	return living;
}

/** A file with a webhook that a pod of Alertmanager reads, and the Secret's key that is mounted there. */
interface WebhookFile {
	readonly pod: Pod;
	readonly path: string;
	/** Undefined if the file is not from a Secret. */
	readonly key: SecretKey | undefined;
}

/** The webhooks' files of all pods of Alertmanager. @throws Error if the loaded configuration names none */
export async function findWebhookFiles(
	access: Pick<AlertmanagerAccess, "kube" | "namespace" | "alertmanager">,
): Promise<WebhookFile[]> {
	const paths = listWebhookFiles(await access.alertmanager.config());
	if (paths.length === 0)
		throw new Error(
			"the Slack webhook is mounted as a file that Alertmanager reads, but no receiver in its loaded configuration has api_url_file, nor does global have slack_api_url_file",
		);
	const pods = await listAlertmanagerPods(access);
	return pods.flatMap((pod) => {
		const own = pod.spec.containers.find(({ name }) => name === "alertmanager");
		return paths.map((path) => ({
			pod,
			path,
			key: own && findMountedSecret(pod, own, path),
		}));
	});
}

/**
 * Waits until the files from which Alertmanager reads webhooks contain an address, as the process of each pod sees them.
 *
 * @param hurry makes the kubelet update mounts immediately, which does not happen in a homelab
 */
export async function waitUntilMounted(
	access: AlertmanagerAccess,
	webhookUrl: string,
	hurry = false,
): Promise<void> {
	const { kube, nodes, namespace } = access;
	const refresh = makeRefresher(kube, namespace, service);
	await eventually(
		"Alertmanager's files contain the webhook that Doppler has",
		budgets.secretSync,
		async () => {
			const files = await findWebhookFiles(access);
			const others: WebhookFile[] = [];
			for (const each of files) {
				const { pid, node } = await nodes.findProcess(
					each.pod.spec.nodeName ?? "",
					each.pod.metadata.uid,
					"alertmanager",
				);
				const content = await nodes.exec(node, [
					"cat",
					`/proc/${pid}/root${each.path}`,
				]);
				if (content.toString().trim() !== webhookUrl) others.push(each);
			}
			if (others.length === 0) return;
			const reason = await explainOthers(access, others, webhookUrl);
			return notYet(hurry ? await refresh(reason) : reason);
		},
	);
}

/** Says of files with another webhook where they come from, and whether their Secret has the awaited one. */
async function explainOthers(
	{ kube, namespace }: Pick<AlertmanagerAccess, "kube" | "namespace">,
	files: readonly WebhookFile[],
	webhookUrl: string,
): Promise<string> {
	const reasons = uniqBy(files, ({ path }) => path).map(
		async ({ pod, path, key }) => {
			const where = `another one is in ${path} of ${pod.metadata.name}`;
			if (!key) return `${where}, which is not from a Secret`;
			const content = await readSecretKey(kube, namespace, key);
			return content.toString().trim() === webhookUrl
				? `${where}, although key ${key.key} of Secret ${key.name} has it: the kubelet has not updated the mount, which it never does for a subPath`
				: `${where}, which is key ${key.key} of Secret ${key.name}, and that has another one, too`;
		},
	);
	return (await Promise.all(reasons)).join("; ");
}
