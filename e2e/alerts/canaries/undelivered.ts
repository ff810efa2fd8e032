import { mentions, type SlackRequest } from "../../clients/slack.ts";
import { findLastFailure } from "../failed-notifications.ts";
import type { AlertmanagerConfig } from "../loaded-config.ts";
import { isAbout, isAccepted } from "../notifications.ts";
import { nameRoute } from "../route-tree.ts";
import type { ReceiverCanary } from "./canaries.ts";

/**
 * The canaries of which Slack has accepted nothing.
 *
 * @param requests those to Slack since they were sent
 */
export function findUndelivered(
	canaries: readonly ReceiverCanary[],
	requests: readonly SlackRequest[],
	config: AlertmanagerConfig,
): ReceiverCanary[] {
	const accepted = requests.filter(({ answer }) => isAccepted(answer));
	return canaries.filter(
		(canary) =>
			!accepted.some((each) => isFrom(canary, each, canaries, config)),
	);
}

/** Why Slack has accepted nothing about a canary, as a sentence. */
export function describeUndelivered(
	canary: ReceiverCanary,
	canaries: readonly ReceiverCanary[],
	requests: readonly SlackRequest[],
	log: string,
): string {
	const { receiver, route, alert } = canary;
	const refused = findRefused(canary, canaries, requests);
	const error = findLastFailure(log, receiver);
	const why = [
		refused && `Slack answered ${refused.status} ${refused.body}`,
		error && `Alertmanager's last error is ${error}`,
	].filter(Boolean);
	return `receiver ${receiver} is to tell Slack of ${alert.severity} alerts by ${nameRoute(route)}, but Slack has accepted nothing about ${alert.alertname} in namespace ${alert.namespace}: ${why.join(", and ") || "Alertmanager's log does not say why"}`;
}

/** Slack's answer to a message about a canary that it has not accepted. */
export function findRefused(
	{ alert }: ReceiverCanary,
	canaries: readonly ReceiverCanary[],
	requests: readonly SlackRequest[],
): SlackRequest["answer"] | undefined {
	const all = canaries.map((each) => each.alert);
	return requests.findLast(
		({ answer, payload }) =>
			!isAccepted(answer) && payload && isAbout(payload, alert, all),
	)?.answer;
}

/**
 * Whether a receiver has sent a message. Where real alerts are in the canary's group, Alertmanager's own template only
 * says what all have in common: then the receiver is known by its channel, or by the namespace that its route wants.
 */
function isFrom(
	{ receiver, alert }: ReceiverCanary,
	{ payload }: SlackRequest,
	canaries: readonly ReceiverCanary[],
	config: AlertmanagerConfig,
): boolean {
	if (!payload) return false;
	const all = canaries.map((each) => each.alert);
	if (isAbout(payload, alert, all)) return true;
	if (all.some((each) => isAbout(payload, each, all))) return false;
	const writers = config.receivers.filter(({ slack_configs }) =>
		slack_configs.some(
			({ channel }) => channel && bare(channel) === bare(payload.channel),
		),
	);
	return (
		(writers.length === 1 && writers[0]?.name === receiver) ||
		mentions(payload, [alert.namespace])
	);
}

function bare(channel: string): string {
	return channel.replace(/^#/, "");
}
