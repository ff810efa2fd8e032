import { randomBytes } from "node:crypto";
import { describe, expect } from "vitest";
import { parseConfig } from "../alerts/loaded-config.ts";
import { countNotifications, notEnded } from "../alerts/notifications.ts";
import {
	annotationsOf,
	labelsOf,
	makeCanary,
} from "../alerts/planted-alerts.ts";
import { longestWait } from "../alerts/waits.ts";
import { budgets } from "../common/budgets.ts";
import { clusterNow } from "../common/clock/cluster-clock.ts";
import { eventually, notYet } from "../common/eventually.ts";
import { tidyUp } from "../common/tidy-up.ts";
import { test } from "./fixtures.ts";
import { makeSlackRefusals } from "./means/slack.ts";

/** How often Slack refuses before it accepts a message again. */
const refusals = 3;

describe("an alert reaches Slack once although Slack refuses for a while", () => {
	test.for([
		{ status: 500, body: "internal_error" },
		{ status: 429, body: "rate_limited", retryAfter: 1 },
	])(
		"after answers of $status",
		async (answer, { alertmanager, slack, annotate, onTestFinished }) => {
			const wait = longestWait(parseConfig(await alertmanager.config()));
			let ended = notEnded;
			const alert = makeCanary(randomBytes(4).toString("hex"));
			const before = await slack.lastId();
			const countMessages = async () =>
				countNotifications(await slack.requests(before), { alert }, ended)
					.alert;
			const began = clusterNow();
			const resolve = async () => {
				ended = await slack.lastId();
				const endsAt = new Date(clusterNow()).toISOString();
				await alertmanager.post([
					{
						labels: labelsOf(alert),
						annotations: annotationsOf(alert),
						endsAt,
					},
				]);
				return eventually(
					"Slack accepts the alert's end",
					budgets.notification + wait,
					async () => {
						const counts = await countMessages();
						return counts?.resolved ? counts : notYet(JSON.stringify(counts));
					},
				);
			};
			onTestFinished(
				// It waits: a resolve that comes later would be refused instead of the next case's alert.
				tidyUp("the end of the alert", async () => {
					if (!(await countMessages())?.resolved) await resolve();
				}),
			);
			await using refusing = await makeSlackRefusals(
				slack,
				answer,
				refusals,
			).begin();
			await alertmanager.post([
				{ labels: labelsOf(alert), annotations: annotationsOf(alert) },
			]);
			await eventually(
				"Slack accepts a message about the alert",
				budgets.notification + wait,
				async () => {
					const counts = await countMessages();
					if (!counts?.firing) return notYet(JSON.stringify(counts));
				},
			);
			const seconds = (clusterNow() - began) / 1000;
			// It is of the same group, so the resolve comes after every earlier message about the alert.
			const messages = await resolve();
			const requests = await slack.requests(before);
			const refused = requests.filter((each) => each.answer.status !== 200);
			await annotate(
				`accepted after ${refused.length} refusals with ${answer.status}, ${seconds.toFixed(1)} s after the alert began`,
			);
			expect(refused).toHaveLength(refusals);
			expect(messages).toEqual({ firing: 1, resolved: 1 });
			await refusing.end();
		},
	);
});
