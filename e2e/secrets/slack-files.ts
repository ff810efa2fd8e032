import { uniqBy } from "es-toolkit";
import type { AlertmanagerClient } from "../clients/alertmanager.ts";
import type { Pod } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { findMountedSecret } from "../clients/mounted-secret.ts";
import { makeRefresher } from "../clients/mounts.ts";
import { readSecretKey, type SecretKey } from "../clients/secret.ts";
import { listPodsOfService } from "../clients/service-pods.ts";
import { budgets } from "../common/budgets.ts";
import type { Environment } from "../common/environment.ts";
import { eventually, notYet } from "../common/eventually.ts";
import type { Nodes } from "../harness/cluster/nodes.ts";
import {
	readSlackFiles,
	type SlackCredential,
	type SlackFile,
} from "../harness/set-up/secrets/slack-files.ts";

interface AlertmanagerAccess {
	readonly kube: KubeClient;
	readonly nodes: Nodes;
	readonly alertmanager: AlertmanagerClient;
	/** The namespace of the stack. */
	readonly namespace: string;
}

const service = "alertmanager-operated";

/** What Alertmanager may write to Slack by. */
export type SlackCredentials = Readonly<Record<SlackCredential, string>>;

/** How messages name what a file has. */
export const credentialNames: SlackCredentials = {
	SLACK_WEBHOOK_URL: "webhook",
	SLACK_BOT_TOKEN: "bot's token",
};

/** What Doppler has of them at first. */
export function firstCredentials({
	slackWebhookUrl,
	slackBotToken,
}: Pick<Environment, "slackWebhookUrl" | "slackBotToken">): SlackCredentials {
	return {
		SLACK_WEBHOOK_URL: slackWebhookUrl,
		SLACK_BOT_TOKEN: slackBotToken,
	};
}

/** What a claim rotates them to. */
export function rotatedCredentials({
	rotatedSlackWebhookUrl,
	rotatedSlackBotToken,
}: Pick<
	Environment,
	"rotatedSlackWebhookUrl" | "rotatedSlackBotToken"
>): SlackCredentials {
	return {
		SLACK_WEBHOOK_URL: rotatedSlackWebhookUrl,
		SLACK_BOT_TOKEN: rotatedSlackBotToken,
	};
}

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

/** A file that a pod of Alertmanager reads, and the Secret's key that is mounted there. */
interface MountedSlackFile extends SlackFile {
	readonly pod: Pod;
	/** Undefined if the file is not from a Secret. */
	readonly key: SecretKey | undefined;
}

/**
 * The files with Slack's webhooks, or a bot's tokens, of all pods of Alertmanager.
 *
 * @throws Error if the loaded configuration names none
 */
export async function findSlackFiles(
	access: Pick<AlertmanagerAccess, "kube" | "namespace" | "alertmanager">,
): Promise<MountedSlackFile[]> {
	const files = readSlackFiles(await access.alertmanager.config());
	if (files.length === 0)
		throw new Error(
			"the Slack webhook is mounted as a file that Alertmanager reads, but no receiver in its loaded configuration has api_url_file, nor does global have slack_api_url_file, nor is there a file with a bot's token",
		);
	const pods = await listAlertmanagerPods(access);
	return pods.flatMap((pod) => {
		const own = pod.spec.containers.find(({ name }) => name === "alertmanager");
		return files.map((file) => ({
			...file,
			pod,
			key: own && findMountedSecret(pod, own, file.path),
		}));
	});
}

/**
 * Waits until the files by which Alertmanager writes to Slack contain these, as the process of each pod sees them.
 *
 * @param hurry makes the kubelet update mounts immediately, which does not happen in a homelab
 */
export async function waitUntilMounted(
	access: AlertmanagerAccess,
	credentials: SlackCredentials,
	hurry = false,
): Promise<void> {
	const { kube, nodes, namespace } = access;
	const refresh = makeRefresher(kube, namespace, service);
	await eventually(
		"Alertmanager's files contain what Doppler has for Slack",
		budgets.secretSync,
		async () => {
			const files = await findSlackFiles(access);
			const others: MountedSlackFile[] = [];
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
				if (content.toString().trim() !== credentials[each.content])
					others.push(each);
			}
			if (others.length === 0) return;
			const reason = await explainOthers(access, others, credentials);
			return notYet(hurry ? await refresh(reason) : reason);
		},
	);
}

/** Says of files with something else where they come from, and whether their Secret has the awaited one. */
async function explainOthers(
	{ kube, namespace }: Pick<AlertmanagerAccess, "kube" | "namespace">,
	files: readonly MountedSlackFile[],
	credentials: SlackCredentials,
): Promise<string> {
	const reasons = uniqBy(files, ({ path }) => path).map(
		async ({ pod, path, key, content: what }) => {
			const where = `another ${credentialNames[what]} is in ${path} of ${pod.metadata.name}`;
			if (!key) return `${where}, which is not from a Secret`;
			const content = await readSecretKey(kube, namespace, key);
			return content.toString().trim() === credentials[what]
				? `${where}, although key ${key.key} of Secret ${key.name} has it: the kubelet has not updated the mount, which it never does for a subPath`
				: `${where}, which is key ${key.key} of Secret ${key.name}, and that has another one, too`;
		},
	);
	return (await Promise.all(reasons)).join("; ");
}
