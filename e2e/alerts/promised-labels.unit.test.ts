import { expect, test } from "vitest";
import { parse } from "yaml";
import { parseConfig, withWrittenWaits } from "./loaded-config.ts";
import { findRoutingFlaws, findUntriedRoutes } from "./promised-routes.ts";
import { readAlertRelabelling } from "./relabelling/alert-relabelling.ts";

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
	const relabelling = readAlertRelabelling(
		{
			alerting: {
				alert_relabel_configs: parse(steps),
				alertmanagers: [{}],
			},
		},
		"monitoring",
	);
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
		`[{source_labels: [namespace], target_label: __tmp_ns}, {source_labels: [__tmp_ns, severity], regex: media;warning, action: drop}]`,
		/drops some by alert relabelling \(drop of __tmp_ns, severity matching media;warning, made of namespace\).*namespace="media"/,
	],
	[
		`[{source_labels: [namespace], target_label: __tmp_ns, action: lowercase}, {source_labels: [__tmp_ns], regex: media, action: drop}]`,
		/drops some .*made of namespace.*namespace="media"/,
	],
	[
		`[{source_labels: [namespace], regex: (.+)-(dev|prod), target_label: __tmp_app}, {source_labels: [__tmp_app], regex: media, action: drop}]`,
		/drops some .*made of namespace.*namespace="media-(dev|prod)"/,
	],
	[
		`[{source_labels: [namespace], regex: media|photos, target_label: quiet, replacement: "yes"}, {source_labels: [quiet], regex: "yes", action: drop}]`,
		/drops some .*namespace="media"/,
	],
	[
		`[{regex: namespace, replacement: __tmp_$0, action: labelmap}, {source_labels: [__tmp_namespace], regex: media, action: drop}]`,
		/drops some .*namespace="media"/,
	],
	[
		`[{source_labels: [namespace], modulus: 10, target_label: __tmp_hash, action: hashmod}, {source_labels: [__tmp_hash], regex: "7", action: drop}]`,
		/drops some .*drop of __tmp_hash matching 7, made of namespace/,
	],
	[
		`[{source_labels: [namespace], modulus: 2, target_label: __tmp_hash, action: hashmod}, {source_labels: [__tmp_hash], regex: "0", action: keep}]`,
		/drops some .*keep of __tmp_hash matching 0, made of namespace/,
	],
	[
		`[{source_labels: [namespace, severity], modulus: 16, target_label: __tmp_hash, action: hashmod}, {source_labels: [__tmp_hash], regex: "[^9]|..", action: keep}]`,
		/warning .*drops some .*keep of __tmp_hash/,
	],
	[
		`[{source_labels: [alertname], modulus: 8, target_label: __tmp, action: hashmod}, {source_labels: [__tmp], regex: "5", action: drop}]`,
		/critical .* drops some .*\n?.*warning .* drops some /s,
	],
	[
		`[{source_labels: [namespace], target_label: __tmp_ns}, {source_labels: [__tmp_ns, severity], regex: media;critical, target_label: severity, replacement: warning}]`,
		/critical .*changes label severity to warning.*namespace="media"/s,
	],
	[
		`[{source_labels: [a, b], target_label: c, action: keepequal}]`,
		/drops some .*keepequal of a, b/,
	],
	[
		`[{source_labels: [namespace], target_label: ns}, {source_labels: [ns], target_label: home, action: dropequal}]`,
		/drops some .*dropequal of ns .*made of namespace/,
	],
	[
		`[{source_labels: [namespace], target_label: exported_namespace, action: dropequal}]`,
		/drops some .*dropequal of namespace/,
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
	const relabelling = readAlertRelabelling(
		{
			alerting: {
				alert_relabel_configs: [
					{ source_labels: ["pod"], regex: "\\p{Latin}", action: "drop" },
					{ regex: "pod", action: "labeldrop" },
					// Who has such a name is known: every loaded rule is tried.
					{ source_labels: ["alertname"], regex: "\\p{Latin}", action: "drop" },
				],
				alertmanagers: [{}],
			},
		},
		"monitoring",
	);
	expect(findUntriedRoutes({ config: unclear, relabelling })).toEqual([
		expect.stringMatching(/which alerts have pod=~"\\p\{Greek\}\+"/),
		expect.stringMatching(
			/which alerts meet drop of pod matching \\p\{Latin\}/,
		),
	]);
});

test.each([
	"[{regex: prometheus_replica, action: labeldrop}]",
	"[{source_labels: [namespace], target_label: team}, {source_labels: [team], target_label: team, action: uppercase}]",
	"[{source_labels: [namespace, severity], target_label: __tmp}, {source_labels: [__tmp], regex: media;info, action: drop}]",
	"[{source_labels: [pod], modulus: 4, target_label: shard, action: hashmod}]",
	'[{source_labels: [namespace], modulus: 2, target_label: __tmp, action: hashmod}, {source_labels: [__tmp], regex: "[01]", action: keep}]',
])("relabelling of other labels is nobody's business: %s", (steps) => {
	expect(judge(steps)).toEqual([]);
});

test("what a route asks for may be made by relabelling", () => {
	const byTeam = parseConfig(`
route:
  receiver: slack
  repeat_interval: 1h
  routes:
  - {receiver: "null", matchers: [team="media"]}
  - {receiver: slack, matchers: ['severity="warning"'], repeat_interval: 6h}
  - {receiver: "null", matchers: [alertname=~"InfoInhibitor|Watchdog"]}
receivers:
- name: "null"
- {name: slack, slack_configs: [{api_url_file: /secret}]}
`);
	const steps = "[{source_labels: [namespace], target_label: team}]";
	expect(judge(steps, { written: byTeam }).join("\n")).toMatch(
		/warning alerts .*only go to nobody by the route of team="media".*namespace="media"/,
	);
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
