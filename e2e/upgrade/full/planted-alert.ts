import type { Manifest } from "../../clients/kubernetes.ts";
import type { SlackClient } from "../../clients/slack.ts";
import { mentions, statusOf } from "../../clients/slack.ts";
import { budgets } from "../../common/budgets.ts";
import { eventually } from "../../common/eventually.ts";

/** Below the 10 minutes from which on Prometheus keeps an alert's `for` across a restart: nobody waits that long. */
const waiting = "5s";

/** A rule whose alert fires from before the upgrade until after it. */
export function makePlantedRule(
	namespace: string,
	name: string,
	release: string,
): Manifest {
	return {
		apiVersion: "monitoring.coreos.com/v1",
		kind: "PrometheusRule",
		metadata: {
			name: `planted-${name}`.toLowerCase(),
			namespace,
			// Those that the usual selectors ask for.
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

/** Waits until Slack was told of it. */
export function waitUntilTold(
	slack: SlackClient,
	name: string,
): Promise<number> {
	return eventually(
		`Slack is told of ${name}`,
		budgets.ruleReload + budgets.notification,
		() => countTold(slack, name),
		(count) => count > 0 || "no message of it yet",
	);
}

/** How often Slack was told that it fires. */
export async function countTold(
	slack: SlackClient,
	name: string,
): Promise<number> {
	const requests = await slack.requests();
	return requests.filter(
		({ payload }) =>
			payload && mentions(payload, [name]) && statusOf(payload) === "firing",
	).length;
}
