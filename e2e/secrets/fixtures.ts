import { randomBytes } from "node:crypto";
import { labelsOf, type PlantedAlert } from "../alerts/planted-alerts.ts";
import { DopplerClient, type DopplerOutage } from "../clients/doppler.ts";
import { clusterNow } from "../common/clock/cluster-clock.ts";
import { type Fault, makeFault } from "../common/fault.ts";
import { tidyUp } from "../common/tidy-up.ts";
import { test as base } from "../test.ts";
import { makeDopplerOutage } from "./doppler-outage.ts";
import { hurrySync } from "./external-secrets.ts";
import { notify } from "./notify.ts";
import {
	firstCredentials,
	rotatedCredentials,
	waitUntilMounted,
} from "./slack-files.ts";

/** The store of `stack/addons/external-secrets.yaml`. */
export const dopplerStore = {
	kind: "ClusterSecretStore",
	name: "doppler",
} as const;

/** The claims' `test` with fixtures for secrets from Doppler. */
export const test = base
	.extend("doppler", { scope: "file" }, ({ kube }) =>
		DopplerClient.inCluster(kube),
	)
	/** The webhook, and a bot's token, have their other values in Doppler. Mended when Alertmanager's file contains the first one again. */
	.extend(
		"rotation",
		({ environment, kube, nodes, alertmanager, doppler }): Fault => {
			const { namespace } = environment;
			const first = firstCredentials(environment);
			return makeFault(
				"the webhook is rotated",
				() => doppler.rotate(rotatedCredentials(environment)),
				async () => {
					await doppler.rotate(first);
					await waitUntilMounted(
						{ kube, nodes, alertmanager, namespace },
						first,
						true,
					);
				},
			);
		},
	)
	/** Outages of Doppler. After the test, when they are over, External Secrets syncs without waiting. */
	.extend("outage", ({ environment, kube, doppler }, { onCleanup }) => {
		onCleanup(
			tidyUp("the sync after Doppler's return", () =>
				hurrySync(kube, environment.namespace),
			),
		);
		return (how: DopplerOutage) => makeDopplerOutage(doppler, how);
	})
	/**
	 * Makes Alertmanager notify Slack of a new alert, which is resolved when the test is over. Resolves to the webhooks'
	 * numbers.
	 */
	.extend("notify", ({ alertmanager, slack }, { onCleanup }) => {
		const token = randomBytes(4).toString("hex");
		const sent: PlantedAlert[] = [];
		onCleanup(
			tidyUp("resolving the planted alerts", () => {
				const endsAt = new Date(clusterNow()).toISOString();
				return alertmanager.post(
					sent.map((each) => ({ labels: labelsOf(each), endsAt })),
				);
			}),
		);
		return (name: string) => {
			const alert = {
				alertname: `${name}_${token}`,
				severity: "warning",
				// Not that of another alert: those that share a group are only sent after group_interval.
				namespace: `e2e-secrets-${name.toLowerCase()}-${token}`,
				mark: `mark-${name}-${token}`,
			} as const;
			sent.push(alert);
			return notify({ alertmanager, slack }, alert);
		};
	});
