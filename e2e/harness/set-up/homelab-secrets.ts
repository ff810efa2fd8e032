import { randomBytes } from "node:crypto";
import { makeSecret } from "../../clients/kube-objects.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";

/** The homelab's secrets, as Doppler would hand them over. */
export interface HomelabSecrets {
	/** Points at the Slack mock in the cluster. */
	readonly slackWebhookUrl: string;
	/** What the webhook may be rotated to: the mock takes it, too. */
	readonly rotatedSlackWebhookUrl: string;
	readonly grafanaAdmin: { readonly user: string; readonly password: string };
	/** Used for nothing: wherever it is found, any secret might be. */
	readonly canary: string;
	/** With which External Secrets asks Doppler. */
	readonly dopplerToken: string;
}

/** New ones for a run. */
export function makeHomelabSecrets(): HomelabSecrets {
	return {
		slackWebhookUrl: makeSlackWebhookUrl(),
		rotatedSlackWebhookUrl: makeSlackWebhookUrl(),
		grafanaAdmin: { user: "homelab-admin", password: makeRandom(16) },
		canary: `canary-${makeRandom(16)}`,
		dopplerToken: `dp.st.homelab.${makeRandom(20)}`,
	};
}

/** The strings by which they would be recognised. */
export function listSecretValues({
	slackWebhookUrl,
	rotatedSlackWebhookUrl,
	grafanaAdmin,
	canary,
	dopplerToken,
}: HomelabSecrets): string[] {
	const webhooks = [slackWebhookUrl, rotatedSlackWebhookUrl];
	return [
		...webhooks,
		...webhooks.map((each) => each.split("/").at(-1) ?? ""),
		grafanaAdmin.password,
		canary,
		dopplerToken,
	];
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

function makeSlackWebhookUrl(): string {
	const part = (prefix: string) => prefix + makeRandom(4).toUpperCase();
	return `http://slack-mock.slack-mock.svc/services/${part("T")}/${part("B")}/${makeRandom(12)}`;
}

function makeRandom(bytes: number): string {
	return randomBytes(bytes).toString("hex");
}
