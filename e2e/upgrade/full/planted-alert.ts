import { countNotifications } from "../../alerts/notifications.ts";
import {
	annotationsOf,
	type PlantedAlert,
} from "../../alerts/planted-alerts.ts";
import { type Manifest, monitoringV1 } from "../../clients/kube-objects.ts";
import type { SlackClient } from "../../clients/slack.ts";
import { budgets } from "../../common/budgets.ts";
import { eventually, notYet } from "../../common/eventually.ts";

/** Prometheus restores an alert's `for` after a restart only from 10 minutes on, which is too long to wait. */
const waiting = "5s";

/** An alert that fires through the upgrade. */
export interface FiringAlert {
	readonly alert: PlantedAlert;
	/** How many messages Slack got of it before the upgrade. */
	readonly messages: number;
}

/** A critical alert for which Alertmanager makes a group of its own. @param token no other alert's */
export function makeFiringAlert(namespace: string, token: string) {
	return {
		alertname: `Planted${token}`,
		severity: "critical",
		namespace,
		mark: `mark-${token}`,
	} as const satisfies PlantedAlert;
}

/** A rule whose alert always fires. */
export function makeFiringRule(alert: PlantedAlert, release: string): Manifest {
	const { namespace, alertname, severity } = alert;
	return {
		apiVersion: monitoringV1,
		kind: "PrometheusRule",
		metadata: {
			name: `planted-${alertname}`.toLowerCase(),
			namespace,
			// Rule selectors usually match this label.
			labels: { release },
		},
		spec: {
			groups: [
				{
					name: "planted",
					interval: "5s",
					rules: [
						{
							alert: alertname,
							expr: "vector(1)",
							for: waiting,
							labels: { severity, namespace },
							annotations: annotationsOf(alert),
						},
					],
				},
			],
		},
	};
}

/** Waits until Slack gets a message of the alert. @returns how many it got */
export function waitForFirstMessage(
	slack: SlackClient,
	alert: PlantedAlert,
): Promise<number> {
	return eventually(
		`Slack gets a message of ${alert.alertname}`,
		budgets.ruleReload + budgets.notification,
		async () => {
			const count = await countMessages(slack, alert);
			return count > 0 ? count : notYet("there is no message yet");
		},
	);
}

/** How many messages Slack got that say the same of an alert that has not ended. */
export async function countMessages(
	slack: SlackClient,
	alert: PlantedAlert,
): Promise<number> {
	const counts = countNotifications(await slack.requests(), { alert });
	return counts.alert?.firing ?? 0;
}
