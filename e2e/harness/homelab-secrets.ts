import { randomBytes } from "node:crypto";

/** The homelab's secrets, as Doppler would hand them over. */
export interface HomelabSecrets {
	/** Points at the Slack mock in the cluster. */
	readonly slackWebhookUrl: string;
	readonly grafanaAdmin: { readonly user: string; readonly password: string };
}

/** New ones for a run. */
export function makeHomelabSecrets(): HomelabSecrets {
	const part = (prefix: string, bytes: number) =>
		prefix + randomBytes(bytes).toString("hex").toUpperCase();
	return {
		slackWebhookUrl: `http://slack-mock.slack-mock.svc/services/${part("T", 4)}/${part("B", 4)}/${randomBytes(12).toString("hex")}`,
		grafanaAdmin: {
			user: "homelab-admin",
			password: randomBytes(16).toString("hex"),
		},
	};
}
