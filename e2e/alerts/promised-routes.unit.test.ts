import { expect, test } from "vitest";
import { parseConfig } from "./loaded-config.ts";
import { findRoutingFlaws } from "./promised-routes.ts";

const hours = 3_600_000;
const silent = `- {receiver: "null", matchers: ['alertname=~"InfoInhibitor|Watchdog"']}`;
const critical = `- {receiver: slack, matchers: ['severity="critical"'], repeat_interval: 1h}`;
const warning = `- {receiver: slack, matchers: ['severity="warning"'], repeat_interval: 6h}`;
const rest = `
receivers:
- name: "null"
- {name: slack, slack_configs: [{api_url_file: /secret}]}
- {name: other-slack, slack_configs: [{api_url_file: /secret}]}
- {name: heartbeat, slack_configs: [{api_url_file: /secret, channel: "#heartbeat"}]}
- {name: hook, webhook_configs: [{url: <secret>}]}
time_intervals:
- {name: weekend, time_intervals: [{weekdays: [saturday]}]}
- {name: workdays, time_intervals: [{weekdays: ["sunday:friday"]}]}
- {name: move, time_intervals: [{years: ["2024"]}]}
- {name: ever, time_intervals: [{}]}
`;

function judge(routes: readonly string[], retention = 120) {
	const config = parseConfig(
		`route:\n  receiver: slack\n  routes:\n${routes.map((each) => `  ${each}\n`).join("")}${rest}`,
	);
	return findRoutingFlaws({
		config,
		relabelling: [[]],
		externalLabels: { prometheus: "monitoring/stack" },
		rules: [{ alertname: "DiskFull", severity: "warning" }],
		retention: retention * hours,
	});
}

test.each([
	["as the homelab has it", [silent, critical, warning]],
	[
		"Watchdog goes to a dead man's switch",
		[
			`- {receiver: hook, matchers: ['alertname="Watchdog"']}`,
			`- {receiver: "null", matchers: ['alertname="InfoInhibitor"']}`,
			critical,
			warning,
		],
	],
	[
		"Watchdog has a channel of its own",
		[
			`- {receiver: heartbeat, matchers: ['alertname="Watchdog"']}`,
			silent,
			critical,
			warning,
		],
	],
	[
		"a team is told of its namespace as well",
		[
			`- {receiver: hook, matchers: ['namespace="media"'], continue: true}`,
			silent,
			critical,
			warning,
		],
	],
	[
		"an archive is told of everything",
		["- {receiver: hook, continue: true}", silent, critical, warning],
	],
	[
		"an interval that is always active",
		[
			silent,
			critical,
			warning.replace("}", ", active_time_intervals: [ever]}"),
		],
	],
	[
		"intervals that together are always active",
		[
			silent,
			critical,
			warning.replace("}", ", active_time_intervals: [weekend, workdays]}"),
		],
	],
	[
		"a mute interval that does not come again",
		[silent, critical, warning.replace("}", ", mute_time_intervals: [move]}")],
	],
	[
		"a group's interval that does not divide an hour",
		[silent, critical.replace("}", ", group_interval: 7m}"), warning],
	],
	[
		"intervals in minutes",
		[silent, critical.replace("1h", "60m"), warning.replace("6h", "360m")],
	],
])("nothing is wrong: %s", (_, routes) => {
	expect(judge(routes)).toEqual([]);
});

const swallowed = `- {receiver: "null", matchers: ['namespace="media"']}`;
test.each([
	[
		[silent, swallowed, critical, warning],
		/warning alerts .*only go to nobody by the route of namespace="media".*2 cases/,
	],
	[
		[silent, swallowed.replace("namespace=", "team=~"), critical, warning],
		/critical alerts .*nobody.*team="media"/,
	],
	[
		[
			silent,
			critical,
			warning.replace("}", ", mute_time_intervals: [weekend]}"),
		],
		/muted by time interval weekend/,
	],
	[
		[
			silent,
			critical,
			warning.replace("}", ", active_time_intervals: [weekend]}"),
		],
		/muted by time interval weekend/,
	],
	[
		[
			`- {receiver: other-slack, matchers: ['namespace="media"'], continue: true}`,
			silent,
			critical,
			warning,
		],
		/more than once: by the route of namespace="media"/,
	],
	[
		[silent, warning],
		/critical alerts are to reach Slack every 1h, but some repeat every 4h by the root route/,
	],
	[[critical, warning], /InfoInhibitor is not to reach Slack/],
	[
		[silent.replace("|Watchdog", ""), critical, warning],
		/Watchdog, which always fires, is not to reach Slack where critical and warning alerts do, but does by the root route/,
	],
	[
		[silent, critical.replace("}", ", group_interval: 45m}"), warning],
		/critical alerts .*every 1h, but some repeat every 90m .*group_interval is 45m/,
	],
	[
		[silent, critical.replace("}", ", group_wait: 2h}"), warning],
		/for the first time after 2h by .*group_wait/,
	],
	[
		[
			`- {receiver: "null", matchers: ['alertname="DiskFull"']}`,
			silent,
			critical,
			warning,
		],
		/such as DiskFull/,
	],
	[
		[
			silent,
			critical.replace("']", `', 'namespace!="media"']`),
			`- {receiver: slack, matchers: ['severity="warning"', 'namespace!~"photos|books-.+"'], repeat_interval: 6h}`,
		],
		/critical alerts .*every 4h by the root route.*namespace="media"/,
	],
	[
		[
			silent,
			critical,
			`- {receiver: "null", matchers: ['namespace=~"photos-(dev|prod)"']}`,
			warning,
		],
		/warning alerts .*nobody by the route of namespace=~"photos-\(dev\|prod\)".*namespace="photos-dev"/,
	],
	[
		[
			silent,
			critical,
			warning.replace("']", `', 'namespace!~"photos|books-.+"']`),
		],
		/warning alerts .*every 4h.*4 cases.*namespace="photos"/,
	],
])("%j: %s", (routes, message) => {
	expect(judge(routes).join("\n")).toMatch(message);
});

test("an alert cannot have another value of an external label", () => {
	const elsewhere = `- {receiver: "null", matchers: ['prometheus=~"a|b"']}`;
	expect(judge([elsewhere, silent, critical, warning])).toEqual([]);
});

test("Alertmanager must not forget before it repeats", () => {
	expect(judge([silent, critical, warning], 2).join()).toMatch(
		/warning alerts .*forgets after 2h/,
	);
});
