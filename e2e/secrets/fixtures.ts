import { randomBytes } from "node:crypto";
import { labelsOf, type PlantedAlert } from "../alerts/planted-alerts.ts";
import { DopplerClient, type DopplerOutage } from "../clients/doppler.ts";
import { budgets } from "../common/budgets.ts";
import { eventually } from "../common/eventually.ts";
import { tidyUp } from "../common/tidy-up.ts";
import { test as base } from "../test.ts";
import { hurrySync } from "./external-secrets.ts";
import { notify } from "./notify.ts";
import { waitUntilMounted } from "./webhook-file.ts";

/** The store of `stack/addons/external-secrets.yaml`. */
export const dopplerStore = {
	kind: "ClusterSecretStore",
	name: "doppler",
} as const;

/** The claims' `test` with what those of Doppler's secrets need besides. */
export const test = base
	.extend("doppler", { scope: "file" }, ({ kube }) =>
		DopplerClient.inCluster(kube),
	)
	/** Gives the webhook its other value in Doppler; taken back, and waited for, when the test is over. */
	.extend(
		"rotation",
		({ environment, kube, nodes, alertmanager, doppler }, { onCleanup }) => {
			const { namespace, slackWebhookUrl, rotatedSlackWebhookUrl } =
				environment;
			const give = (url: string) => doppler.rotate({ SLACK_WEBHOOK_URL: url });
			onCleanup(
				tidyUp("the webhook's rotation back", async () => {
					await give(slackWebhookUrl);
					await waitUntilMounted(
						{ kube, nodes, alertmanager, namespace },
						slackWebhookUrl,
						true,
					);
				}),
			);
			return { rotate: () => give(rotatedSlackWebhookUrl) };
		},
	)
	/** Takes Doppler away; it is back, and known to be, when the test is over. */
	.extend("outage", ({ environment, kube, doppler }, { onCleanup }) => {
		onCleanup(
			tidyUp("Doppler's return", async () => {
				// Who comes after would take it for the stack's fault if this did not get through.
				await eventually(
					"Doppler is back",
					budgets.podRestart,
					() => doppler.comeBack(),
					() => true,
				);
				await hurrySync(kube, environment.namespace);
			}),
		);
		return {
			begin: (how: DopplerOutage) => doppler.goAway(how),
			end: () => doppler.comeBack(),
		};
	})
	/** Has Alertmanager tell Slack of a new alert, resolved when the test is over; hands back the webhooks' numbers. */
	.extend("notify", ({ alertmanager, slack }, { onCleanup }) => {
		const token = randomBytes(4).toString("hex");
		const sent: PlantedAlert[] = [];
		onCleanup(
			tidyUp("the resolving of the planted alerts", () => {
				const endsAt = new Date().toISOString();
				return alertmanager.post(
					sent.map((each) => ({ labels: labelsOf(each), endsAt })),
				);
			}),
		);
		return (name: string) => {
			const alert = {
				alertname: `${name}_${token}`,
				severity: "warning",
				namespace: `e2e-secrets-${token}`,
			} as const;
			sent.push(alert);
			return notify({ alertmanager, slack }, alert);
		};
	});
