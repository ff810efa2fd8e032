import type { AlertmanagerClient } from "../clients/alertmanager.ts";
import { sumOf } from "../clients/exposition.ts";
import {
	mentions,
	type SlackClient,
	type SlackRequest,
	statusOf,
} from "../clients/slack.ts";
import { budgets } from "../common/budgets.ts";
import { eventually, HopelessError } from "../common/eventually.ts";
import { labelsOf, type PlantedAlert } from "./planted-alerts.ts";

/** How often Slack took a message about an alert. */
export interface Heard {
	readonly firing: number;
	readonly resolved: number;
}

/** What Slack heard of each planted alert, by the alert's key. */
export function countNotifications(
	requests: readonly SlackRequest[],
	planted: Readonly<Record<string, PlantedAlert>>,
): Record<string, Heard> {
	const count = (alert: PlantedAlert): Heard => {
		const statuses = requests
			.filter(({ answer }) => answer.status === 200)
			.flatMap(({ payload }) =>
				payload && isAbout(payload, alert) ? [statusOf(payload)] : [],
			);
		const firing = statuses.filter((status) => status === "firing").length;
		return { firing, resolved: statuses.length - firing };
	};
	return Object.fromEntries(
		Object.entries(planted).map(([key, alert]) => [key, count(alert)]),
	);
}

/** The first answer other than ok that Slack gave to a message about a planted alert. */
export function findRefusal(
	requests: readonly SlackRequest[],
	planted: Readonly<Record<string, PlantedAlert>>,
): string | undefined {
	for (const { payload, answer } of requests) {
		if (answer.status === 200 || !payload) continue;
		const alert = Object.values(planted).find((each) => isAbout(payload, each));
		if (alert)
			return `Slack answered ${answer.status} ${answer.body} to ${alert.alertname} (${alert.severity})`;
	}
	return undefined;
}

/**
 * Waits until Slack has taken a message with this status about each of the alerts named.
 *
 * @throws NeverSeenError, at once where Slack refused one
 */
export async function waitUntilSlackHears<Key extends string>(
	status: keyof Heard,
	keys: readonly Key[],
	planted: Readonly<Record<Key, PlantedAlert>>,
	{ slack, alertmanager }: Ends,
	after: number,
): Promise<void> {
	await eventually(
		`Slack hears that ${keys.join(", ")} are ${status}`,
		budgets.notification,
		async () => {
			const requests = await slack.requests(after);
			const refusal = findRefusal(requests, planted);
			if (refusal) throw new HopelessError(refusal);
			const heard = countNotifications(requests, planted);
			const missing = keys.filter((key) => !heard[key]?.[status]);
			if (missing.length === 0) return undefined;
			const failed = sumOf(
				await alertmanager.metrics(),
				"alertmanager_notifications_failed_total",
			);
			return `nothing about ${missing.join(", ")}; Slack was sent ${requests.length} messages, and Alertmanager counts ${failed} notifications that failed`;
		},
		(missing) => missing ?? true,
	);
}

interface Ends {
	readonly slack: SlackClient;
	readonly alertmanager: AlertmanagerClient;
}

function isAbout(
	payload: NonNullable<SlackRequest["payload"]>,
	alert: PlantedAlert,
): boolean {
	return mentions(payload, Object.values(labelsOf(alert)));
}
