import { expect, test } from "vitest";
import { parseConfig } from "../loaded-config.ts";
import type { AlertRule } from "../loaded-rules.ts";
import { findSilentMessages } from "./silent-messages.ts";

const common =
	'title: "{{ .CommonAnnotations.summary }}", text: "{{ .CommonAnnotations.description }}"';

function makeConfig(fields: string, groupBy = "[alertname, namespace]") {
	return parseConfig(`
route:
  receiver: "null"
  group_by: ${groupBy}
  routes:
  - {receiver: slack, matchers: ['severity=~"critical|warning"']}
receivers:
- name: "null"
- {name: slack, slack_configs: [{${fields}}]}
`);
}

function makeRule(summary: string, description: string): AlertRule {
	return {
		labels: { alertname: "PodDown", severity: "warning" },
		sets: ["severity"],
		severities: [],
		expression: "up == 0",
		annotations: { summary, description },
		group: { name: "pods", limit: 0 },
	};
}

/** An amtool that knows annotations that all alerts of a group have, and shows everything else as it is written. */
async function amtool(
	args: readonly string[],
	{ files = {} }: { files?: Readonly<Record<string, unknown>> } = {},
) {
	const text = args.find((each) => each.startsWith("--template.text=")) ?? "";
	const data: unknown = JSON.parse(String(files["data.json"]));
	const has = (name: string) =>
		JSON.stringify(data)
			.split('"commonAnnotations":')[1]
			?.includes(`"${name}"`);
	const stdout = text
		.replace("--template.text=", "")
		.replaceAll(/\{\{ \.CommonAnnotations\.(\w+) \}\}/g, (_, name: string) =>
			has(name) ? name : "",
		);
	return { stdout: `${stdout}\n`, stderr: "", files: {} };
}

const find = (
	config: ReturnType<typeof makeConfig>,
	...rules: readonly AlertRule[]
) => findSilentMessages({ amtool }, config, rules, {});

const ofPods = makeRule(
	"{{ $labels.pod }} is down.",
	"{{ $labels.namespace }}/{{ $labels.pod }} has been down for long.",
);

test("a message of what all alerts have in common is blank where two of a rule differ", async () => {
	expect(await find(makeConfig(common), ofPods)).toEqual([
		'receiver slack tells Slack nothing of two alerts in one group that differ, such as two of PodDown, of which each has a description and a summary of its own: its title "{{ .CommonAnnotations.summary }}" and text "{{ .CommonAnnotations.description }}" are blank then, because what is common is only what all alerts of the group have',
	]);
});

test("where rules write nothing into annotations that differs within a group, no message is blank", async () => {
	const config = makeConfig(common);
	expect(
		await find(
			config,
			makeRule("A pod is down.", "{{ $labels.pod }} is down."),
			makeRule("{{ $labels.namespace }} is full.", "{{ $value }}"),
		),
	).toEqual([]);
	expect(await find(config)).toEqual([]);
});

test("groups of several names have nothing in common, and groups of all labels have one alert", async () => {
	expect(await find(makeConfig(common, "[namespace]"))).toEqual([
		expect.stringMatching(/such as two of different names: its title/),
	]);
	expect(await find(makeConfig(common, "['...']"), ofPods)).toEqual([]);
});

test("where a file makes Alertmanager's own templates anew, nobody knows what is blank", async () => {
	const files = { "000/a.tmpl": '{{ define "slack.default.text" }}a{{ end }}' };
	const config = makeConfig(common);
	expect(await findSilentMessages({ amtool }, config, [ofPods], files)).toEqual(
		[],
	);
});

test("a message that says anything else is not blank", async () => {
	for (const fields of [
		'title: "[{{ .Status }}] {{ .CommonAnnotations.summary }}"',
		'title: "{{ .CommonAnnotations.summary }}", text: "See Grafana."',
		'title: "{{ template \\"slack.default.title\\" . }}", text: "{{ .CommonAnnotations.summary }}"',
		'title: "{{ .CommonAnnotations.summary }}", fields: [{title: At, value: "{{ .CommonLabels.namespace }}"}]',
	])
		expect(await find(makeConfig(fields), ofPods), fields).toEqual([]);
	const decorated =
		'username: Alertmanager, footer: homelab, fallback: "{{ .CommonLabels.alertname }}", pretext: "{{ template \\"slack.default.pretext\\" . }}"';
	expect(
		await find(makeConfig(`${common}, ${decorated}`), ofPods),
	).toHaveLength(1);
});
