import { expect, test } from "vitest";
import type { SlackRequest } from "../clients/slack.ts";
import { countNotifications } from "./notifications.ts";
import { makePlantedAlerts } from "./planted-alerts.ts";

const planted = makePlantedAlerts("7f3a");
const { alertname, namespace } = planted.critical;

/** A message of Alertmanager's bot. @param ts the message that it changes, if it is an edit */
function makeMessage(id: number, title: string, ts?: string): SlackRequest {
	return {
		id,
		time: "2026-01-01T00:00:00.000Z",
		method: "POST",
		webhook: 1,
		userAgent: "Alertmanager/0.33.1",
		payload: {
			channel: ts ? "C0HOMELAB1" : "#homelab-alerts",
			...(ts && { ts }),
			attachments: [{ title, text: namespace, color: "" }],
		},
		answer: { status: 200, body: '{"ok":true}' },
	};
}

const ended = 4;
const count = (...requests: readonly SlackRequest[]) =>
	countNotifications(requests, planted, ended).critical;

test("an edit tells of an alert's end, and repeats nothing that a person sees", () => {
	expect(
		count(
			makeMessage(1, alertname),
			// The group changes, and the template does not show how.
			makeMessage(2, alertname, "1.000001"),
			makeMessage(3, alertname, "1.000001"),
			makeMessage(5, alertname, "1.000001"),
		),
	).toEqual({ firing: 1, resolved: 1 });
});

test("a second message is one, although the first could have been edited", () => {
	expect(count(makeMessage(1, alertname), makeMessage(2, alertname))).toEqual({
		firing: 2,
		resolved: 0,
	});
});
