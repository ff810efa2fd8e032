import { expect, test } from "vitest";
import { destinationOf } from "./destinations.ts";
import { parseConfig } from "./loaded-config.ts";
import { makeNumberedConfig } from "./routing.ts";
import { longestGroupWait, longestWait } from "./waits.ts";

const loaded = `
global:
  resolve_timeout: 5m
  slack_api_url: <secret>
route:
  receiver: slack
  group_by: [alertname, namespace]
  group_wait: 1s
  routes:
  - receiver: "null"
    matchers: ['alertname=~"InfoInhibitor|Watchdog"']
    continue: false
  - matchers: ['severity="critical"']
    repeat_interval: 1h
    routes:
    - match: {team: night}
      receiver: pager
      group_wait: 2m
  - matchers: ['severity="warning"']
    mute_time_intervals: [weekend]
receivers:
- name: "null"
- name: slack
  slack_configs:
  - api_url_file: /etc/alertmanager/secrets/slack/url
    send_resolved: true
- name: pager
  slack_configs: [{api_url: <secret>}]
  webhook_configs: [{url: <secret>}]
- name: switch
  webhook_configs: [{url: <secret>}]
- name: twice
  slack_configs: [{}, {}]
time_intervals:
- name: weekend
  time_intervals: [{weekdays: [saturday]}]
`;
const config = parseConfig(loaded);

test("each route is numbered, with the receiver and the repeat interval that it inherits", () => {
	const { routes } = makeNumberedConfig(config);
	const hours = 3_600_000;
	const found = [...routes].map(
		([name, { receiver, repeatInterval }]) =>
			`${name}: ${receiver}, ${repeatInterval / hours}`,
	);
	expect(found).toEqual([
		"route: slack, 4",
		"route-1: null, 4",
		"route-2: slack, 1",
		"route-2-1: pager, 1",
		"route-3: slack, 4",
	]);
});

test("the numbered configuration keeps what decides on routes, and nothing that may be secret", () => {
	const { yaml, routes } = makeNumberedConfig(config);
	const numbered = parseConfig(yaml);
	expect(numbered.receivers.map(({ name }) => name)).toEqual([
		...routes.keys(),
	]);
	expect(numbered.route).toMatchObject({
		receiver: "route",
		routes: [
			{
				receiver: "route-1",
				matchers: ['alertname=~"InfoInhibitor|Watchdog"'],
			},
			{
				receiver: "route-2",
				routes: [{ receiver: "route-2-1", match: { team: "night" } }],
			},
			{ receiver: "route-3", mute_time_intervals: ["weekend"] },
		],
	});
	expect(numbered.time_intervals).toEqual(config.time_intervals);
	expect(yaml).not.toMatch(/secret|slack_configs/);
});

test.each([
	["slack", "slack"],
	["null", "nobody"],
	["pager", "slack"],
	["switch", "webhook"],
	["twice", "receiver twice, Slack 2 times"],
	["nowhere", "receiver nowhere, which does not exist"],
])("receiver %s goes to %s", (name, destination) => {
	expect(destinationOf(config, name)).toBe(destination);
});

test("the longest wait is that of what is planted, or Alertmanager's own", () => {
	expect(longestWait(config)).toBe(300_000);
	expect(longestGroupWait(config)).toBe(1000);
	const withDigest = (interval: string) =>
		parseConfig(`
route:
  receiver: slack
  group_interval: 10s
  routes:
  - {receiver: digest, matchers: ['severity="info"'], group_wait: 1h, group_interval: 24h}
  - {receiver: slack, matchers: ['severity="warning"'], group_wait: 2m, group_interval: ${interval}}
receivers: []
`);
	expect(longestWait(withDigest("10s"))).toBe(120_000);
	// An alert that joins a group of its severity is sent with it.
	expect(longestWait(withDigest("10m"))).toBe(600_000);
	expect(longestGroupWait(withDigest("10m"))).toBe(120_000);
	const bare = parseConfig("{route: {receiver: a}, receivers: []}");
	expect([longestGroupWait(bare), longestWait(bare)]).toEqual([
		30_000, 300_000,
	]);
});
