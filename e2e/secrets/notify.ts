import { waitUntilSlackHears } from "../alerts/notifications.ts";
import { labelsOf, type PlantedAlert } from "../alerts/planted-alerts.ts";
import type { AlertmanagerClient } from "../clients/alertmanager.ts";
import { mentions, type SlackClient } from "../clients/slack.ts";

interface Ends {
	readonly alertmanager: AlertmanagerClient;
	readonly slack: SlackClient;
}

/**
 * Sends Alertmanager an alert that it has not known, and waits until Slack has heard of it.
 *
 * @returns which webhooks Slack heard it by: 1, or 2 for the one that it may be rotated to
 */
export async function notify(
	ends: Ends,
	alert: PlantedAlert,
): Promise<(number | null)[]> {
	const before = await ends.slack.lastId();
	await ends.alertmanager.post([{ labels: labelsOf(alert) }]);
	await waitUntilSlackHears("firing", ["alert"], { alert }, ends, before);
	const requests = await ends.slack.requests(before);
	return requests
		.filter(
			({ payload }) =>
				payload && mentions(payload, Object.values(labelsOf(alert))),
		)
		.map(({ webhook }) => webhook);
}
