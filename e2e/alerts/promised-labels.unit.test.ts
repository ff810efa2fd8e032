import { expect, test } from "vitest";
import { parse } from "yaml";
import { readAlertRelabelling } from "./alert-relabelling.ts";
import { parseConfig, withWrittenWaits } from "./loaded-config.ts";
import { findRoutingFlaws, findUntriedRoutes } from "./promised-routes.ts";

const config = parseConfig(`
route:
  receiver: slack
  group_wait: 1s
  group_interval: 5s
  routes:
  - {receiver: "null", matchers: ['alertname=~"InfoInhibitor|Watchdog"']}
  - {receiver: slack, matchers: ['severity="critical"'], repeat_interval: 1h}
  - {receiver: slack, matchers: ['severity="warning"'], repeat_interval: 6h}
receivers:
- name: "null"
- {name: slack, slack_configs: [{api_url_file: /secret}]}
`);

function judge(
	steps: string,
	{
		rules = [{ alertname: "DiskFull", severity: "warning" }],
		written = config,
	} = {},
) {
	const relabelling = readAlertRelabelling({
		alerting: {
			alert_relabel_configs: parse(steps),
			alertmanagers: [{}],
		},
	});
	return findRoutingFlaws({
		config: written,
		relabelling,
		externalLabels: { prometheus: "monitoring/stack" },
		rules,
		retention: 120 * 3_600_000,
	});
}

test.each([
	[
		`[{source_labels: [severity, namespace], regex: warning;media, action: drop}]`,
		/Prometheus drops some by alert relabelling \(drop of severity, namespace matching warning;media\).*namespace="media"/,
	],
	[
		`[{source_labels: [severity, namespace], regex: warning;media-(dev|prod), action: drop}]`,
		/drops some by .*namespace="media-dev"/,
	],
	[
		`[{source_labels: [namespace, severity], regex: "(media;warning|photos[0-9]+;.+)", action: drop}]`,
		/critical .* drops some by .*namespace="photos0"/,
	],
	[
		`[{source_labels: [namespace], regex: "any-.+|media|", action: keep}, {source_labels: [team], regex: "[^m].*", action: drop}]`,
		/drops some by .*drop of team.*team="xx"/,
	],
	[
		`[{regex: severity, action: labeldrop}]`,
		/because alert relabelling removes label severity/,
	],
	[
		`[{regex: namespace, action: labeldrop}]`,
		/removes label namespace, by which alerts are routed and inhibited/,
	],
])("relabelling %s: %s", (steps, message) => {
	expect(judge(steps).join("\n")).toMatch(message);
});

test.each(["Critical", "CRITICAL", "crit", "critical ", "critcal"])(
	"severity %j is meant as critical",
	(severity) => {
		const rules = [{ alertname: "PowerLost", severity }];
		expect(judge("[]", { rules })).toEqual([
			`${severity} alerts are to reach Slack every 1h, but some repeat every 4h by the root route (receiver slack, repeats every 4h), because their severity is written ${severity}, not critical; 2 cases, such as PowerLost (${severity})`,
		]);
		const lower = `[{source_labels: [severity], regex: "(?i)crit.*", target_label: severity, replacement: critical}]`;
		expect(judge(lower, { rules })).toEqual([]);
	},
);

test("other severities are promised nothing", () => {
	const rules = ["info", "none", "page", "error", "high", ""].map(
		(severity) => ({
			alertname: "Any",
			severity,
		}),
	);
	expect(judge("[]", { rules })).toEqual([]);
});

test("what cannot be tried is said", () => {
	const unclear = parseConfig(
		`route: {receiver: a, routes: [{matchers: ['pod=~"\\p{Greek}+"']}]}\nreceivers: []`,
	);
	const relabelling = readAlertRelabelling({
		alerting: {
			alert_relabel_configs: [
				{ source_labels: ["pod"], regex: "\\p{Latin}", action: "drop" },
				{ regex: "pod", action: "labeldrop" },
			],
			alertmanagers: [{}],
		},
	});
	expect(findUntriedRoutes({ config: unclear, relabelling })).toEqual([
		expect.stringMatching(/which alerts have pod=~"\\p\{Greek\}\+"/),
		expect.stringMatching(
			/which alerts meet drop of pod matching \\p\{Latin\}/,
		),
	]);
});

test("relabelling of other labels is nobody's business", () => {
	const steps = `[{regex: prometheus_replica, action: labeldrop}]`;
	expect(judge(steps)).toEqual([]);
});

test.each([
	[{ groupWait: "30s", groupInterval: "5m", routes: [] }, /^$/],
	[{ routes: [] }, /^$/],
	[undefined, /^$/],
	[
		{ groupInterval: "12h", routes: [] },
		/critical alerts .*repeat every 12h .*group_interval is 12h/,
	],
	[{ groupWait: "3h", routes: [] }, /critical alerts .*first time after 3h/],
	// AlertmanagerConfigs have put two routes before these.
	[
		{ routes: [{ groupInterval: "4h", routes: [] }] },
		/^warning alerts .*repeat every 8h .*group_interval is 4h/,
	],
	[
		{
			groupInterval: "5m",
			routes: [
				{ groupWait: "9h", routes: [] },
				{ groupInterval: "45m", routes: [] },
				{ groupInterval: "30m", routes: [] },
			],
		},
		/^critical alerts .*repeat every 90m [^\n]*$/,
	],
])("routes wait as written: %j", (written, message) => {
	const found = judge("[]", { written: withWrittenWaits(config, written) });
	expect(found.join("\n")).toMatch(message);
});
