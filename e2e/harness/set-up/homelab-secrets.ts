import { randomBytes } from "node:crypto";
import type { DopplerName } from "./secrets/contents.ts";

/** The homelab's secrets, which Doppler provides. */
export interface HomelabSecrets {
	/** A webhook of Slack's mock in the cluster. */
	readonly slackWebhookUrl: string;
	/** Another webhook of the mock, which a claim rotates to. */
	readonly rotatedSlackWebhookUrl: string;
	/** The same for homelabs that write to Slack by a bot. */
	readonly slackBotToken: string;
	readonly rotatedSlackBotToken: string;
	readonly grafanaAdmin: { readonly user: string; readonly password: string };
	/** Nothing uses this secret: if it is found somewhere, any secret may be. */
	readonly canary: string;
	/** The token that External Secrets asks Doppler with. */
	readonly dopplerToken: string;
}

/** Makes new secrets for a run. */
export function makeHomelabSecrets(): HomelabSecrets {
	return {
		slackWebhookUrl: makeSlackWebhookUrl(),
		rotatedSlackWebhookUrl: makeSlackWebhookUrl(),
		slackBotToken: makeSlackBotToken(),
		rotatedSlackBotToken: makeSlackBotToken(),
		grafanaAdmin: { user: "homelab-admin", password: makeRandom(16) },
		canary: `canary-${makeRandom(16)}`,
		dopplerToken: `dp.st.homelab.${makeRandom(20)}`,
	};
}

/** What Doppler has of the homelab's credentials, by its names. */
export function listInDoppler({
	slackWebhookUrl,
	slackBotToken,
	grafanaAdmin,
}: Pick<
	HomelabSecrets,
	"slackWebhookUrl" | "slackBotToken" | "grafanaAdmin"
>): Record<DopplerName, string> {
	return {
		SLACK_WEBHOOK_URL: slackWebhookUrl,
		SLACK_BOT_TOKEN: slackBotToken,
		GRAFANA_ADMIN_USER: grafanaAdmin.user,
		GRAFANA_ADMIN_PASSWORD: grafanaAdmin.password,
	};
}

/** The strings that give the secrets away: the values, and the tokens at the end of webhooks. */
export function listSecretValues({
	slackWebhookUrl,
	rotatedSlackWebhookUrl,
	slackBotToken,
	rotatedSlackBotToken,
	grafanaAdmin,
	canary,
	dopplerToken,
}: HomelabSecrets): string[] {
	const webhooks = [slackWebhookUrl, rotatedSlackWebhookUrl];
	return [
		...webhooks,
		...webhooks.map((each) => each.split("/").at(-1) ?? ""),
		slackBotToken,
		rotatedSlackBotToken,
		grafanaAdmin.password,
		canary,
		dopplerToken,
	];
}

function makeSlackWebhookUrl(): string {
	const part = (prefix: string) => prefix + makeRandom(4).toUpperCase();
	return `http://slack-mock.slack-mock.svc/services/${part("T")}/${part("B")}/${makeRandom(12)}`;
}

function makeSlackBotToken(): string {
	return `xoxb-${makeRandom(16)}`;
}

function makeRandom(bytes: number): string {
	return randomBytes(bytes).toString("hex");
}
