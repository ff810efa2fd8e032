import { budgets } from "../../common/budgets.ts";
import { eventually, HopelessError, notYet } from "../../common/eventually.ts";
import type { AlertmanagerConfig } from "../loaded-config.ts";
import type { NotificationPath } from "../notifications.ts";
import type { Planting } from "../planting.ts";
import { isSameAlert } from "../states.ts";
import type { ReceiverCanary } from "./canaries.ts";
import {
	describeUndelivered,
	findRefused,
	findUndelivered,
} from "./undelivered.ts";

/**
 * Sends all canaries at once, and waits until Slack has accepted one message of each receiver.
 *
 * @returns a sentence for each that something else suppresses, so that nothing can be said of its receiver
 * @throws NeverSeenError that names the receivers; immediately if Slack refused a message
 */
export async function sendCanaries(
	canaries: readonly ReceiverCanary[],
	planting: Pick<Planting, "post" | "inAlertmanager">,
	{ slack, alertmanager }: NotificationPath,
	config: AlertmanagerConfig,
): Promise<string[]> {
	if (canaries.length === 0) return [];
	const before = await slack.lastId();
	await Promise.all(
		canaries.map(({ alert }) => planting.post("firing", alert)),
	);
	// A canary may come into a group that is there already.
	const waits = canaries.map(
		({ route }) => route.groupWait + route.groupInterval,
	);
	return eventually(
		"Slack accepts a message of each receiver of critical and warning alerts",
		budgets.notification + Math.max(...waits),
		async () => {
			const requests = await slack.requests(before);
			const known = await planting.inAlertmanager();
			const isSuppressed = ({ alert }: ReceiverCanary) =>
				known.some(
					(each) =>
						isSameAlert(each, alert) && each.status.state === "suppressed",
				);
			const undelivered = findUndelivered(canaries, requests, config);
			const missing = undelivered.filter((each) => !isSuppressed(each));
			if (missing.length === 0)
				return undelivered.map(
					({ receiver, alert }) =>
						`not tried: whether receiver ${receiver} can tell Slack of anything, because another alert or a silence suppresses ${alert.alertname}`,
				);
			const log = await alertmanager.logs();
			const why = missing
				.map((each) => describeUndelivered(each, canaries, requests, log))
				.join("; ");
			if (missing.some((each) => findRefused(each, canaries, requests)))
				throw new HopelessError(why);
			return notYet(why);
		},
	);
}
