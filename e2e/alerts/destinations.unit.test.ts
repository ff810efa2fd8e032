import { expect, test } from "vitest";
import { findUnsentResolves } from "./destinations.ts";
import { parseConfig } from "./loaded-config.ts";

const config = parseConfig(`
route:
  receiver: "null"
  routes:
  - {receiver: heartbeat, matchers: ['alertname="Watchdog"']}
  - {receiver: digest, matchers: ['severity="info"']}
  - {receiver: disks, matchers: ['alertname="DiskFull"']}
  - {receiver: media, matchers: ['severity=~"critical|warning"', 'namespace="media"']}
  - {receiver: slack, matchers: ['severity=~"critical|warning"']}
receivers:
- name: "null"
- {name: heartbeat, slack_configs: [{}]}
- {name: digest, slack_configs: [{}]}
- {name: disks, slack_configs: [{}]}
- {name: media, slack_configs: [{}]}
- {name: unused, slack_configs: [{}]}
- {name: slack, slack_configs: [{send_resolved: true}]}
`);

test("where critical and warning alerts come, Slack is told of their end", () => {
	const named = (alerts: Parameters<typeof findUnsentResolves>[1]) =>
		findUnsentResolves(config, alerts).map((each) => each.split(" ")[1]);
	expect(named([])).toEqual(["media"]);
	expect(named([{ alertname: "DiskFull", severity: "warning" }])).toEqual([
		"disks",
		"media",
	]);
	expect(named([{ alertname: "DiskFull", severity: "info" }])).toEqual([
		"media",
	]);
});
