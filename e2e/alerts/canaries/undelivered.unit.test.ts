import { expect, test } from "vitest";
import type { SlackRequest } from "../../clients/slack.ts";
import { parseConfig } from "../loaded-config.ts";
import { planCanaries } from "./canaries.ts";
import { describeUndelivered, findUndelivered } from "./undelivered.ts";

const config = parseConfig(`
route:
  receiver: "null"
  routes:
  - {receiver: media, matchers: ['namespace="media"'], repeat_interval: 1h}
  - {receiver: garden, matchers: ['team="garden"']}
  - {receiver: slack, matchers: ['severity=~"critical|warning"']}
receivers:
- name: "null"
- {name: media, slack_configs: [{channel: "#Media Alerts"}]}
- {name: garden, slack_configs: [{channel: "#homelab-alerts"}]}
- {name: slack, slack_configs: [{channel: "#homelab-alerts"}]}
`);
const { canaries } = planCanaries(config, [], "7f3a");

function makeRequest(
	channel: string,
	title: string,
	answer = { status: 200, body: "ok" },
): SlackRequest {
	return {
		id: 1,
		time: "2026-01-01T00:00:00.000Z",
		method: "POST",
		webhook: 1,
		userAgent: "Alertmanager/0.33.1",
		payload: { channel, attachments: [{ title, text: "", color: "" }] },
		answer,
	};
}

const findOf = (...requests: readonly SlackRequest[]) =>
	findUndelivered(canaries, requests, config).map(({ receiver }) => receiver);

test("a canary is delivered once Slack has accepted a message that names it", () => {
	expect(findOf()).toEqual(["media", "garden"]);
	expect(
		findOf(
			makeRequest("#Media Alerts", "Canary1_7f3a", {
				status: 404,
				body: "channel_not_found",
			}),
			makeRequest("#homelab-alerts", "Canary2_7f3a"),
		),
	).toEqual(["media"]);
	expect(findOf(makeRequest("#a", "[FIRING:1] Canary1_7f3a"))).toEqual([
		"garden",
	]);
});

test("a message of a group with others in it is known by a channel that is one receiver's, or by the namespace", () => {
	expect(findOf(makeRequest("#Media Alerts", "[FIRING:2]"))).toEqual([
		"garden",
	]);
	expect(findOf(makeRequest("#homelab-alerts", "[FIRING:2]"))).toEqual([
		"media",
		"garden",
	]);
	expect(findOf(makeRequest("#x", "[FIRING:2] media"))).toEqual(["garden"]);
});

test("what Slack and Alertmanager say of a receiver is quoted, not what they say of others", () => {
	const [media, garden] = canaries;
	if (!media || !garden) throw new Error("there are no canaries");
	const log = [
		'level=WARN msg="Notify attempt failed, will retry later" component=dispatcher receiver=garden integration=slack[0] attempts=1 err="Post \\"<redacted>\\": proxyconnect tcp: no such host"',
		'level=ERROR msg="Notify for alerts failed" component=dispatcher num_alerts=1 err="media/slack[0]: notify retry canceled: channel_not_found"',
	].join("\n");
	const refused = makeRequest("#Media Alerts", "Canary1_7f3a", {
		status: 404,
		body: "channel_not_found",
	});
	expect(describeUndelivered(media, canaries, [refused], log)).toBe(
		'receiver media is to tell Slack of warning alerts by the route of namespace="media" (receiver media, repeats every 1h), but Slack has accepted nothing about Canary1_7f3a in namespace media: Slack answered 404 channel_not_found, and Alertmanager\'s last error is media/slack[0]: notify retry canceled: channel_not_found',
	);
	expect(describeUndelivered(garden, canaries, [refused], log)).toMatch(
		/^receiver garden .* Canary2_7f3a .*: Alertmanager's last error is Post "<redacted>": proxyconnect tcp: no such host$/,
	);
	expect(describeUndelivered(garden, canaries, [], "")).toMatch(
		/: Alertmanager's log does not say why$/,
	);
});
