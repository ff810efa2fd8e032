import type { AlertmanagerClient } from "../clients/alertmanager.ts";
import { sumOf } from "../clients/exposition.ts";
import {
	mentions,
	type SlackClient,
	type SlackRequest,
	statusOf,
} from "../clients/slack.ts";
import { budgets } from "../common/budgets.ts";
import { eventually, HopelessError, notYet } from "../common/eventually.ts";
import { labelsOf, type PlantedAlert } from "./planted-alerts.ts";

/** How many messages about an alert Slack has accepted. */
export interface NotificationCounts {
	readonly firing: number;
	readonly resolved: number;
}

/** The messages that Slack has accepted about each planted alert, by the alert's key. */
export function countNotifications(
	requests: readonly SlackRequest[],
	planted: Readonly<Record<string, PlantedAlert>>,
): Record<string, NotificationCounts> {
	const count = (alert: PlantedAlert): NotificationCounts => {
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

/** Slack's first refusal of a message about a planted alert, as a sentence. */
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
 * Waits until Slack has accepted a message with this status about each of these alerts.
 *
 * @param after the id of a request to Slack: only later ones count
 * @throws NeverSeenError; immediately if Slack refused one
 */
export async function waitForNotifications<Key extends string>(
	status: keyof NotificationCounts,
	keys: readonly Key[],
	planted: Readonly<Record<Key, PlantedAlert>>,
	{ slack, alertmanager }: NotificationPath,
	after: number,
): Promise<void> {
	await eventually(
		`Slack accepts messages that ${keys.join(", ")} are ${status}`,
		budgets.notification,
		async () => {
			const requests = await slack.requests(after);
			const refusal = findRefusal(requests, planted);
			if (refusal) throw new HopelessError(refusal);
			const counts = countNotifications(requests, planted);
			const missing = keys.filter((key) => !counts[key]?.[status]);
			if (missing.length === 0) return;
			const failed = sumOf(
				await alertmanager.metrics(),
				"alertmanager_notifications_failed_total",
			);
			return notYet(
				`none about ${missing.join(", ")}; Slack was sent ${requests.length} messages, and Alertmanager counts ${failed} failed notifications`,
			);
		},
	);
}

/** Alertmanager sends notifications, Slack receives them. */
export interface NotificationPath {
	readonly slack: SlackClient;
	readonly alertmanager: AlertmanagerClient;
}

function isAbout(
	payload: NonNullable<SlackRequest["payload"]>,
	alert: PlantedAlert,
): boolean {
	return mentions(payload, Object.values(labelsOf(alert)));
}
