import {
	type NotificationPath,
	waitForNotifications,
} from "../alerts/notifications.ts";
import { labelsOf, type PlantedAlert } from "../alerts/planted-alerts.ts";
import { mentions } from "../clients/slack.ts";

/**
 * Sends Alertmanager a new alert, and waits until Slack is notified.
 *
 * @returns the webhooks that were used: 1, or 2 for the one that it may be rotated to
 */
export async function notify(
	path: NotificationPath,
	alert: PlantedAlert,
): Promise<(number | null)[]> {
	const before = await path.slack.lastId();
	await path.alertmanager.post([{ labels: labelsOf(alert) }]);
	await waitForNotifications("firing", ["alert"], { alert }, path, before);
	const requests = await path.slack.requests(before);
	return requests
		.filter(
			({ payload }) =>
				payload && mentions(payload, Object.values(labelsOf(alert))),
		)
		.map(({ webhook }) => webhook);
}
