import { randomBytes } from "node:crypto";
import { tidyUp } from "../common/tidy-up.ts";
import { waitForAlertmanagerConfig } from "../harness/readiness/alertmanager-config.ts";
import { test as base } from "../test.ts";
import {
	listAlertmanagerConfigs,
	listReceiversOfTeams,
	setApart,
} from "./alertmanager-configs.ts";
import { parseConfig } from "./loaded-config.ts";
import { Planting } from "./planting.ts";

/** The claims' `test` with fixtures for alerts. */
export const test = base
	/** What teams add to Alertmanager's configuration. */
	.extend("alertmanagerConfigs", ({ kube }) => listAlertmanagerConfigs(kube))
	/**
	 * The configuration that Alertmanager has loaded, once it is the one that the operator rendered last. A Slack that a
	 * team has of its own is set apart.
	 */
	.extend(
		"config",
		async ({ kube, alertmanager, alertmanagerConfigs, environment }) => {
			const { namespace, slackWebhookUrl } = environment;
			await waitForAlertmanagerConfig(kube, alertmanager, namespace);
			return setApart(
				parseConfig(await alertmanager.config()),
				await listReceiversOfTeams(kube, alertmanagerConfigs, slackWebhookUrl),
			);
		},
	)
	/** Alerts of this test only, not firing yet. */
	.extend(
		"planting",
		(
			{ kube, prometheus, alertmanager, environment, namespace },
			{ onCleanup },
		) => {
			const planting = new Planting(
				{
					kube,
					prometheus,
					alertmanager,
					stackNamespace: environment.namespace,
					namespace,
				},
				randomBytes(4).toString("hex"),
			);
			onCleanup(
				tidyUp("withdrawal of the planted alerts", () => planting.withdraw()),
			);
			return planting;
		},
	);
