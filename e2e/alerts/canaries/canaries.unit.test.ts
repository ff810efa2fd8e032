import { expect, test } from "vitest";
import { parseConfig } from "../loaded-config.ts";
import { planCanaries } from "./canaries.ts";

/** @param routes before those by severity; a receiver is known by its first letter */
function plan(
	routes: string,
	alerts: Parameters<typeof planCanaries>[1] = [],
	inhibition = "{source_matchers: ['severity=\"critical\"'], target_matchers: ['severity=\"warning\"'], equal: [alertname, namespace]}",
) {
	const config = parseConfig(`
route:
  receiver: "null"
  group_wait: 1s
  routes:
${routes}
  - {receiver: slack, matchers: ['severity=~"critical|warning"']}
inhibit_rules: [${inhibition}]
time_intervals: [{name: nights, time_intervals: [{times: [{start_time: "22:00", end_time: "24:00"}]}]}]
receivers:
- name: "null"
- {name: hook, webhook_configs: [{}]}
- {name: media, slack_configs: [{channel: "#media"}]}
- {name: phone, slack_configs: [{channel: "#phone"}]}
- {name: slack, slack_configs: [{channel: "#homelab-alerts"}]}
`);
	const { canaries, untried } = planCanaries(config, alerts, "7f3a");
	return {
		untried,
		canaries: canaries.map(({ receiver, alert }) => ({
			receiver,
			alertname: alert.alertname,
			severity: alert.severity,
			namespace: alert.namespace,
			team: alert.source?.team,
		})),
	};
}

test("a receiver to which planted alerts come needs no canary, nor one that is not Slack's or gets nothing promised", () => {
	expect(
		plan(`
  - {receiver: hook, matchers: ['namespace="media"'], continue: true}
  - {receiver: phone, matchers: ['severity="info"']}`),
	).toEqual({ canaries: [], untried: [] });
	expect(
		plan(`  - {receiver: phone, matchers: ['severity="critical"']}`),
	).toEqual({ canaries: [], untried: [] });
});

test("a receiver for a few alerts alone gets one of them", () => {
	expect(
		plan(`
  - {receiver: media, matchers: ['severity="critical"', 'namespace="media"']}
  - {receiver: phone, matchers: ['team=~"kitchen|garden"']}`).canaries,
	).toEqual([
		{
			receiver: "media",
			alertname: "Canary1_7f3a",
			severity: "critical",
			namespace: "media",
			team: undefined,
		},
		{
			receiver: "phone",
			alertname: "Canary2_7f3a",
			severity: "warning",
			namespace: "e2e-canary-2-7f3a",
			team: "kitchen",
		},
	]);
});

test("an alert of a loaded rule's name is planted where the route wants it", () => {
	const route = `  - {receiver: media, matchers: ['alertname="DiskFull"']}`;
	const rule = { alertname: "DiskFull", severity: "critical" };
	expect(plan(route, []).canaries).toEqual([]);
	expect(plan(route, [rule]).canaries).toMatchObject([
		{ ...rule, namespace: "e2e-canary-1-7f3a" },
	]);
});

test("nothing is planted that suppresses others, or that is muted", () => {
	const cause = plan(
		`  - {receiver: media, matchers: ['alertname="DiskFull"']}`,
		[{ alertname: "DiskFull", severity: "critical" }],
		"{source_matchers: ['alertname=\"DiskFull\"'], target_matchers: ['severity=\"warning\"'], equal: [node]}",
	);
	expect(cause.canaries).toEqual([]);
	expect(cause.untried).toEqual([
		expect.stringMatching(
			/^not tried: whether receiver media .* and suppresses no other$/,
		),
	]);
	const muted = plan(
		`  - {receiver: media, matchers: ['namespace="media"'], mute_time_intervals: [nights]}`,
	);
	expect(muted.canaries).toEqual([]);
	expect(muted.untried).toEqual([expect.stringMatching(/are muted/)]);
});
