import { parseConfig } from "../alerts/loaded-config.ts";
import {
	isAbout,
	type NotificationPath,
	waitForNotifications,
} from "../alerts/notifications.ts";
import {
	annotationsOf,
	labelsOf,
	type PlantedAlert,
} from "../alerts/planted-alerts.ts";
import { longestWait } from "../alerts/waits.ts";

/**
 * Sends Alertmanager a new alert, and waits until Slack is notified.
 *
 * @returns the webhooks that were used: 1, or 2 for the one that it may be rotated to
 */
export async function notify(
	path: NotificationPath,
	alert: PlantedAlert,
): Promise<(number | null)[]> {
	const config = parseConfig(await path.alertmanager.config());
	const before = await path.slack.lastId();
	await path.alertmanager.post([
		{ labels: labelsOf(alert), annotations: annotationsOf(alert) },
	]);
	await waitForNotifications("firing", ["alert"], { alert }, path, before, {
		longestWait: longestWait(config),
	});
	const requests = await path.slack.requests(before);
	return requests
		.filter(({ payload }) => payload && isAbout(payload, alert, [alert]))
		.map(({ webhook }) => webhook);
}
