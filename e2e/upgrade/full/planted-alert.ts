import { type Manifest, monitoringV1 } from "../../clients/kube-objects.ts";
import type { SlackClient } from "../../clients/slack.ts";
import { mentions, statusOf } from "../../clients/slack.ts";
import { budgets } from "../../common/budgets.ts";
import { eventually, notYet } from "../../common/eventually.ts";

/** Prometheus restores an alert's `for` after a restart only from 10 minutes on, which is too long to wait. */
const waiting = "5s";

/** An alert that fires through the upgrade. */
export interface FiringAlert {
	readonly name: string;
	/** How many messages Slack got of it before the upgrade. */
	readonly messages: number;
}

/** A rule whose alert always fires. */
export function makeFiringRule(
	namespace: string,
	name: string,
	release: string,
): Manifest {
	return {
		apiVersion: monitoringV1,
		kind: "PrometheusRule",
		metadata: {
			name: `planted-${name}`.toLowerCase(),
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
							alert: name,
							expr: "vector(1)",
							for: waiting,
							labels: { severity: "critical", namespace },
							annotations: { summary: "Planted by the upgrade test." },
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
	name: string,
): Promise<number> {
	return eventually(
		`Slack gets a message of ${name}`,
		budgets.ruleReload + budgets.notification,
		async () => {
			const count = await countMessages(slack, name);
			return count > 0 ? count : notYet("there is no message yet");
		},
	);
}

/** How many messages Slack got that it fires. */
export async function countMessages(
	slack: SlackClient,
	name: string,
): Promise<number> {
	const requests = await slack.requests();
	return requests.filter(
		({ payload }) =>
			payload && mentions(payload, [name]) && statusOf(payload) === "firing",
	).length;
}
