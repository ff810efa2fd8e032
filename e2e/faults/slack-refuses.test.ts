import { randomBytes } from "node:crypto";
import { describe, expect } from "vitest";
import { countNotifications } from "../alerts/notifications.ts";
import { makeCanary } from "../alerts/planted-alerts.ts";
import { budgets } from "../harness/budgets.ts";
import { eventually } from "../harness/eventually.ts";
import { tidyUp } from "../tidy-up.ts";
import { test } from "./fixtures.ts";

/** How often Slack refuses before it takes a message again. */
const refusals = 3;

describe("an alert reaches Slack once although Slack refuses for a while", () => {
	test.for([
		{ answer: { status: 500, body: "internal_error" }, name: "500" },
		{
			answer: { status: 429, body: "rate_limited", retryAfter: 1 },
			name: "429",
		},
	])(
		"after answers of $name",
		{
			timeout: 3 * budgets.notification + 8 * budgets.request,
		},
		async ({ answer }, { alertmanager, slack, annotate, onTestFinished }) => {
			const alert = makeCanary(randomBytes(4).toString("hex"));
			const canary = makeCanary(randomBytes(4).toString("hex"));
			const before = await slack.lastId();
			const told = async () =>
				countNotifications(await slack.requests(before), { alert, canary });
			const hear = (key: "alert" | "canary") =>
				eventually(
					`Slack takes a message about the ${key}`,
					budgets.notification,
					told,
					(heard) => (heard[key]?.firing ?? 0) > 0 || JSON.stringify(heard),
				);
			const began = Date.now();
			// To its end: a resolve that comes later would be refused instead of the next case's alert.
			const end = async () => {
				await slack.fail({ count: 0, ...answer });
				const endsAt = new Date().toISOString();
				await alertmanager.post(
					[alert, canary].map((each) => ({ labels: { ...each }, endsAt })),
				);
				await eventually(
					"Slack hears that both have ended",
					budgets.notification,
					told,
					({ alert, canary }) =>
						(alert?.resolved === 1 && canary?.resolved === 1) ||
						JSON.stringify({ alert, canary }),
				);
			};
			onTestFinished(tidyUp("the end of the alerts", end));
			await slack.fail({ count: refusals, ...answer });
			await alertmanager.post([{ labels: { ...alert } }]);
			await hear("alert");
			const seconds = (Date.now() - began) / 1000;
			await alertmanager.post([{ labels: { ...canary } }]);
			await hear("canary");
			const requests = await slack.requests(before);
			const refused = requests.filter((each) => each.answer.status !== 200);
			await annotate(
				`told after ${refused.length} refusals with ${answer.status}, ${seconds.toFixed(1)} s after the alert began`,
			);
			expect(refused).toHaveLength(refusals);
			expect((await told()).alert).toEqual({ firing: 1, resolved: 0 });
		},
	);
});
