import { partition } from "es-toolkit";
import type { AlertmanagerClient } from "../clients/alertmanager.ts";
import { sumOf } from "../clients/exposition.ts";
import {
	mentions,
	type SlackClient,
	type SlackPayload,
	type SlackRequest,
} from "../clients/slack.ts";
import { budgets } from "../common/budgets.ts";
import { eventually, HopelessError, notYet } from "../common/eventually.ts";
import { quoteLastFailure } from "./failed-notifications.ts";
import { bearsMark, type PlantedAlert } from "./planted-alerts.ts";

/** How many messages about an alert Slack has accepted. */
export interface NotificationCounts {
	readonly firing: number;
	readonly resolved: number;
}

/** Instead of the id of a request to Slack: the alerts have not ended. */
export const notEnded = Number.MAX_SAFE_INTEGER;

/**
 * The messages that Slack has accepted about each planted alert, by the alert's key. A message that only repeats an
 * alert because its group has changed is not counted: one that is sent twice is. Nor is one about a group's end that
 * also lists an alert that no message said was firing: Alertmanager lists everything in the group that has ended, what
 * was inhibited included.
 *
 * @param ended the id of the last request to Slack before the alerts ended: later ones are about their end, whatever
 * they look like
 */
export function countNotifications(
	requests: readonly SlackRequest[],
	planted: Readonly<Record<string, PlantedAlert>>,
	ended = notEnded,
): Record<string, NotificationCounts> {
	const all = Object.values(planted);
	const isResolved = ({ id }: SlackRequest) => id > ended;
	const count = (alert: PlantedAlert): NotificationCounts => {
		const about = requests.filter(
			({ answer, payload }) =>
				isAccepted(answer) && payload && isAbout(payload, alert, all),
		);
		const firing = about.filter((each) => !isResolved(each));
		const isOfOthers = ({ payload }: SlackRequest) =>
			all.some(
				(each) => each !== alert && payload && isAbout(payload, each, all),
			);
		const resolved = about.filter(
			(each) => isResolved(each) && (firing.length > 0 || !isOfOthers(each)),
		);
		return { firing: countSame(firing), resolved: countSame(resolved) };
	};
	return Object.fromEntries(
		Object.entries(planted).map(([key, alert]) => [key, count(alert)]),
	);
}

/** Slack's Web API answers errors with status 200, too. */
export function isAccepted({ status, body }: SlackRequest["answer"]): boolean {
	return status === 200 && !body.startsWith('{"ok":false');
}

/**
 * The first message and those that say exactly the same as an earlier one, in whatever channel. An edit that says the same
 * again is none: nobody sees it.
 */
function countSame(requests: readonly SlackRequest[]): number {
	const [edits, posts] = partition(
		requests,
		({ payload }) => payload?.ts !== undefined,
	);
	const say = ({ payload }: SlackRequest) =>
		JSON.stringify({ ...payload, channel: undefined });
	const contents = [...posts.map(say), ...new Set(edits.map(say))];
	return contents.length === 0
		? 0
		: 1 + contents.length - new Set(contents).size;
}

/** Slack's first refusal of a message about a planted alert, as a sentence. */
export function findRefusal(
	requests: readonly SlackRequest[],
	planted: Readonly<Record<string, PlantedAlert>>,
): string | undefined {
	for (const { payload, answer } of requests) {
		if (isAccepted(answer) || !payload) continue;
		const all = Object.values(planted);
		const alert = all.find((each) => isAbout(payload, each, all));
		if (alert)
			return `Slack answered ${answer.status} ${answer.body} to ${alert.alertname} (${alert.severity})`;
	}
	return undefined;
}

/**
 * Waits until Slack has accepted a message with this status about each of these alerts.
 *
 * @param after the id of a request to Slack: only later ones count
 * @param how what an alert's end is known by, as for `countNotifications`, and the longest time in milliseconds that
 * Alertmanager waits before it sends
 * @throws NeverSeenError; immediately if Slack refused one
 */
export async function waitForNotifications<Key extends string>(
	status: keyof NotificationCounts,
	keys: readonly Key[],
	planted: Readonly<Record<Key, PlantedAlert>>,
	{ slack, alertmanager }: NotificationPath,
	after: number,
	how: { readonly ended?: number; readonly longestWait?: number } = {},
): Promise<void> {
	await eventually(
		`Slack accepts messages that ${keys.join(", ")} are ${status}`,
		budgets.notification + (how.longestWait ?? 0),
		async () => {
			const requests = await slack.requests(after);
			const refusal = findRefusal(requests, planted);
			if (refusal) throw new HopelessError(refusal);
			const counts = countNotifications(requests, planted, how.ended);
			const missing = keys.filter((key) => !counts[key]?.[status]);
			if (missing.length === 0) return;
			const failed = sumOf(
				await alertmanager.metrics(),
				"alertmanager_notifications_failed_total",
			);
			const why = failed > 0 ? quoteLastFailure(await alertmanager.logs()) : "";
			return notYet(
				`none about ${missing.join(", ")}; Slack was sent ${requests.length} messages${quoteLastTitle(requests)}, and Alertmanager counts ${failed} failed notifications${why}`,
			);
		},
	);
}

/** What a template makes of a group, as a clause: one that names no alert cannot be told from another's. */
export function quoteLastTitle(requests: readonly SlackRequest[]): string {
	const last = requests.findLast(({ payload }) => payload)?.payload;
	const title = last?.attachments[0]?.title;
	return title ? `, the last one with the title ${JSON.stringify(title)}` : "";
}

/** Alertmanager sends notifications, Slack receives them. */
export interface NotificationPath {
	readonly slack: SlackClient;
	readonly alertmanager: AlertmanagerClient;
}

/**
 * Whether a message is about an alert: it contains the alert's mark, or, where a template shows neither annotations nor
 * all labels, its name and namespace, and nothing that is another alert's. Where it names none of them, namespace and
 * severity tell whom it is about, if they are those of one alert only.
 */
export function isAbout(
	payload: SlackPayload,
	alert: PlantedAlert,
	all: readonly PlantedAlert[],
): boolean {
	const text = JSON.stringify(payload);
	const has = (each: PlantedAlert) => bearsMark(text, each);
	if (has(alert)) return true;
	if (!mentions(payload, [alert.alertname])) {
		const isNamed = all.some(
			(each) => has(each) || mentions(payload, [each.alertname]),
		);
		const inPlace = all.filter(({ namespace, severity }) =>
			mentions(payload, [namespace, severity]),
		);
		return !isNamed && inPlace.length === 1 && inPlace[0] === alert;
	}
	const shows = ({ namespace }: PlantedAlert) => mentions(payload, [namespace]);
	const says = ({ severity }: PlantedAlert) => mentions(payload, [severity]);
	const [namesakes, elsewhere] = partition(
		all.filter((each) => each !== alert && each.alertname === alert.alertname),
		({ namespace }) => namespace === alert.namespace,
	);
	if (!shows(alert)) {
		if (all.some(shows)) return false;
		// It says no namespace: then the severity tells them apart.
		if (elsewhere.some(says) && !says(alert)) return false;
	}
	if (namesakes.some(has)) return false;
	// Of namesakes, a message that does not say its severity is about the critical one, which is the one to come.
	return (
		namesakes.length === 0 ||
		says(alert) ||
		(alert.severity === "critical" && !namesakes.some(says))
	);
}
