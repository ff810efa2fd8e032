import { groupBy } from "es-toolkit";
import { expect, test } from "vitest";
import type { SlackRequest } from "../clients/slack.ts";
import {
	countNotifications,
	findRefusal,
	quoteLastTitle,
} from "./notifications.ts";
import {
	labelsOf,
	makePlantedAlerts,
	type PlantedAlert,
} from "./planted-alerts.ts";

const planted = makePlantedAlerts("7f3a");
const ok = { status: 200, body: "ok" };

/** Alerts end between requests 1 and 2. */
const [firing, resolved] = [1, 2];

/** As Alertmanager sends it with a template that says neither by a word nor by a colour whether an alert has ended. */
function makeRequest(
	{ alertname, severity, namespace }: PlantedAlert,
	id: number,
	answer = ok,
): SlackRequest {
	return {
		id,
		time: "2026-01-01T00:00:00.000Z",
		method: "POST",
		webhook: 1,
		userAgent: "Alertmanager/0.33.1",
		payload: {
			channel: "#homelab-alerts",
			attachments: [
				{
					title: `${alertname} (${severity})`,
					text: `${namespace}: planted by a test, run 7f3a\n`,
					color: "#d63232",
				},
			],
		},
		answer,
	};
}

test("messages are counted only for the alert that they are about", () => {
	const counts = countNotifications(
		[
			makeRequest(planted.suppressor, firing),
			makeRequest(planted.suppressor, resolved),
			makeRequest(planted.otherNamespace, firing),
			makeRequest(planted.watchdog, firing),
			makeRequest(makePlantedAlerts("other").warning, firing),
		],
		planted,
		1,
	);
	const nothing = { firing: 0, resolved: 0 };
	expect(counts).toEqual({
		critical: nothing,
		warning: nothing,
		suppressor: { firing: 1, resolved: 1 },
		suppressed: nothing,
		otherSuppressor: nothing,
		otherNamespace: { firing: 1, resolved: 0 },
		otherName: nothing,
		infoInhibitor: nothing,
		watchdog: { firing: 1, resolved: 0 },
	});
});

test("an alert that never fired in Slack has not resolved there because its group's end lists it", () => {
	const { suppressed, otherNamespace } = planted;
	const alone = makeRequest(suppressed, resolved);
	const together: SlackRequest = {
		...makeRequest(otherNamespace, resolved),
		payload: {
			channel: "#homelab-alerts",
			attachments: [],
			text: `${otherNamespace.mark} ${suppressed.mark}`,
		},
	};
	const resolvedIn = (request: SlackRequest) =>
		countNotifications([request], planted, firing).suppressed?.resolved;
	expect(resolvedIn(together)).toBe(0);
	expect(resolvedIn(alone)).toBe(1);
});

test("a message that Slack refused is not counted, and the refusal is reported", () => {
	const refused = makeRequest(planted.critical, firing, {
		status: 404,
		body: "channel_not_found",
	});
	expect(countNotifications([refused], planted).critical?.firing).toBe(0);
	expect(findRefusal([refused], planted)).toBe(
		"Slack answered 404 channel_not_found to Burning_7f3a (critical)",
	);
});

test("refusals of other messages, or of requests without one, are ignored", () => {
	const other = makeRequest(makePlantedAlerts("other").warning, firing, {
		status: 403,
		body: "invalid_token",
	});
	expect(
		findRefusal(
			[
				other,
				{ ...other, payload: null },
				makeRequest(planted.warning, firing),
			],
			planted,
		),
	).toBeUndefined();
});

test("the title of the last message is quoted, if there is one", () => {
	const quote = quoteLastTitle([makeRequest(planted.critical, 1)]);
	expect(quote).toMatch(/, the last one .* "Burning_7f3a \(critical\)"$/);
	expect(quoteLastTitle([])).toBe("");
});

test("a message that says only name and severity is about one alert", () => {
	const sent = [
		planted.critical,
		planted.warning,
		planted.suppressor,
		planted.otherSuppressor,
		planted.otherNamespace,
		planted.otherName,
	];
	const requests = sent.map(
		({ alertname, severity }, i): SlackRequest => ({
			...makeRequest(planted.critical, i),
			payload: {
				channel: "#a",
				attachments: [
					{ title: alertname, text: severity, fallback: alertname, color: "" },
				],
			},
		}),
	);
	const counts = countNotifications(requests, planted);
	const notified = Object.entries(planted).flatMap(([key, alert]) =>
		sent.includes(alert) ? [key] : [],
	);
	expect(counts).toEqual(
		Object.fromEntries(
			Object.keys(planted).map((key) => [
				key,
				{ firing: notified.includes(key) ? 1 : 0, resolved: 0 },
			]),
		),
	);
});

test("a message that says only namespace and severity is about the one alert that has both", () => {
	const say = (...words: string[]): SlackRequest => ({
		...makeRequest(planted.critical, firing),
		payload: { channel: "#a", attachments: [], text: words.join(" ") },
	});
	const about = (...words: string[]) =>
		Object.entries(countNotifications([say(...words)], planted)).flatMap(
			([key, counts]) => (counts.firing > 0 ? [key] : []),
		);
	const { namespace } = planted.otherName;
	expect(about(namespace, "warning")).toEqual(["otherName"]);
	expect(about(namespace, "critical")).toEqual(["otherSuppressor"]);
	expect(about(planted.suppressed.namespace, "warning")).toEqual([
		"suppressed",
	]);
	expect(about(namespace)).toEqual([]);
	expect(about("warning")).toEqual([]);
	expect(about(namespace, "warning", "critical")).toEqual([]);
	expect(about(namespace, "warning", planted.critical.mark ?? "")).toEqual([
		"critical",
	]);
});

/** As Alertmanager's own template says it: what a group is made by, and then what else its alerts have in common. */
function makeDefaultRequest(
	alerts: readonly PlantedAlert[],
	id: number,
): SlackRequest {
	const [first, ...others] = alerts.map((alert) => ({
		...labelsOf(alert),
		...alert.source,
		prometheus: "monitoring/stack",
	}));
	const common = Object.entries(first ?? {}).filter(([name, value]) =>
		others.every((each) =>
			Object.entries(each).some(([its, own]) => its === name && own === value),
		),
	);
	const namespace = alerts[0]?.namespace ?? "";
	const rest = common.flatMap(([name, value]) =>
		name === "namespace" ? [] : [value],
	);
	const title = `[FIRING:${alerts.length}] ${namespace} (${rest.join(" ")})`;
	return {
		...makeRequest(planted.critical, id),
		payload: {
			channel: "#homelab-alerts",
			attachments: [{ title, text: "", fallback: title, color: "danger" }],
		},
	};
}

const inGroups = (alerts: readonly PlantedAlert[]) =>
	Object.values(
		groupBy(
			[...alerts],
			({ severity, namespace }) => `${severity} ${namespace}`,
		),
	);
const { infoInhibitor, watchdog, suppressed, ...ofSlack } = planted;

test("groups by namespace are known by what Alertmanager's own template shows", () => {
	const sent = inGroups(Object.values(ofSlack));
	const requests = [firing, resolved].flatMap((id) =>
		sent.map((group) => makeDefaultRequest(group, id)),
	);
	const once = { firing: 1, resolved: 1 };
	const none = { firing: 0, resolved: 0 };
	const expected = {
		...Object.fromEntries(Object.keys(ofSlack).map((key) => [key, once])),
		suppressed: none,
		infoInhibitor: none,
		watchdog: none,
	};
	expect(countNotifications(requests, planted, firing)).toEqual(expected);

	// Without one that is promised, twice, or with one that is not.
	const [one, ...others] = requests;
	expect(countNotifications(others, planted, firing)).not.toEqual(expected);
	const without = requests.filter(({ id }) => id === firing);
	expect(countNotifications(without, planted, firing)).not.toEqual(expected);
	const twice = one ? [...requests, one] : [];
	expect(countNotifications(twice, planted, firing)).not.toEqual(expected);
	for (const alert of [suppressed, infoInhibitor, watchdog])
		expect(
			countNotifications(
				[...requests, makeDefaultRequest([alert], firing)],
				planted,
				firing,
			),
		).not.toEqual(expected);
});
