import { randomBytes } from "node:crypto";
import { describe, expect } from "vitest";
import { countNotifications } from "../alerts/notifications.ts";
import { makeCanary } from "../alerts/planted-alerts.ts";
import { budgets } from "../common/budgets.ts";
import { eventually } from "../common/eventually.ts";
import { tidyUp } from "../common/tidy-up.ts";
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
	])("after answers of $name", async ({ answer }, {
		alertmanager,
		slack,
		annotate,
		onTestFinished,
	}) => {
		const alert = makeCanary(randomBytes(4).toString("hex"));
		const before = await slack.lastId();
		const told = async () =>
			countNotifications(await slack.requests(before), { alert }).alert;
		const began = Date.now();
		const end = async () => {
			const endsAt = new Date().toISOString();
			await alertmanager.post([{ labels: { ...alert }, endsAt }]);
			return eventually(
				"Slack hears that the alert has ended",
				budgets.notification,
				told,
				(heard) => (heard?.resolved ?? 0) > 0 || JSON.stringify(heard),
			);
		};
		onTestFinished(
			// To its end: a resolve that comes later would be refused instead of the next case's alert.
			tidyUp("the end of the alert", async () => {
				await slack.fail({ count: 0, ...answer });
				if (!(await told())?.resolved) await end();
			}),
		);
		await slack.fail({ count: refusals, ...answer });
		await alertmanager.post([{ labels: { ...alert } }]);
		await eventually(
			"Slack takes a message about the alert",
			budgets.notification,
			told,
			(heard) => (heard?.firing ?? 0) > 0 || JSON.stringify(heard),
		);
		const seconds = (Date.now() - began) / 1000;
		// Of the same group, the resolve comes after whatever is told of the alert before.
		const heard = await end();
		const requests = await slack.requests(before);
		const refused = requests.filter((each) => each.answer.status !== 200);
		await annotate(
			`told after ${refused.length} refusals with ${answer.status}, ${seconds.toFixed(1)} s after the alert began`,
		);
		expect(refused).toHaveLength(refusals);
		expect(heard).toEqual({ firing: 1, resolved: 1 });
	});
});
