import { parseManifests } from "../../clients/api-server/manifests.ts";
import type { Manifest } from "../../clients/kube-objects.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import type { Workload } from "../../clients/rollout.ts";
import { makeSecret } from "../../clients/secret.ts";
import { rememberSecretsIn } from "../../common/secrecy/in-values.ts";
import { slackAuthority } from "../chart/computed/slack-trust.ts";
import { readManifests } from "../images/project-manifests.ts";
import type { ProvidedImage } from "../images/source.ts";
import { makeFixtureSource } from "./fixture-source.ts";
import type { HomelabSecrets } from "./homelab-secrets.ts";
import { makeSelfSigned } from "./self-signed.ts";

/** How every run differs from a real homelab, each in a sentence. */
export const baseStandIns: readonly string[] = [
	"StorageClass longhorn: local-path-provisioner makes files on the node, each with a file system in it, because Longhorn needs iSCSI in the kernel",
	"slack-mock: a mock of Slack's incoming webhooks and of what a bot needs, to which slack.com and hooks.slack.com lead",
];

/** The files of these objects, with the images of this run. */
export async function readBaseManifests(
	images: ReadonlyMap<string, ProvidedImage>,
): Promise<Manifest[]> {
	const files = await Promise.all(
		[
			"stack/manifests/coredns.yaml",
			"stack/manifests/storage.yaml",
			"fixtures/slack-mock/deployment.yaml",
		].map((path) => readManifests(path, images)),
	);
	return files.flatMap(parseManifests);
}

/** Applies what a homelab has before the stack is installed: DNS, storage, and a mock of Slack, which the stack can trust. */
export async function applyBaseObjects(
	kube: KubeClient,
	images: ReadonlyMap<string, ProvidedImage>,
	secrets: HomelabSecrets,
	namespace: string,
): Promise<void> {
	await kube.apply(await readBaseManifests(images));
	const { cert, key } = await makeSelfSigned(["slack.com", "hooks.slack.com"]);
	rememberSecretsIn({ privateKey: key });
	await kube.apply([
		await makeFixtureSource("slack-mock", "slack-mock"),
		makeSecret("slack-mock", "slack-mock", {
			"webhook-urls": `${secrets.slackWebhookUrl}\n${secrets.rotatedSlackWebhookUrl}`,
			"bot-tokens": `${secrets.slackBotToken}\n${secrets.rotatedSlackBotToken}`,
			"tls.crt": cert,
			"tls.key": key,
		}),
		{ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
		{
			apiVersion: "v1",
			kind: "ConfigMap",
			metadata: { name: slackAuthority, namespace },
			data: { "ca.crt": cert },
		},
	]);
}

/** The workloads of these objects. The stack needs them, so set-up waits for them. */
export const baseDeployments: readonly Workload[] = [
	{ kind: "Deployment", namespace: "kube-system", name: "coredns" },
	{
		kind: "Deployment",
		namespace: "local-path-storage",
		name: "local-path-provisioner",
	},
	{ kind: "Deployment", namespace: "slack-mock", name: "slack-mock" },
];
