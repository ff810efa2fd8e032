import { expect, test } from "vitest";
import { ToolError } from "../../harness/docker/one-shot.ts";
import { parseConfig } from "../loaded-config.ts";
import { findBrokenTemplates } from "./broken-templates.ts";

const config = parseConfig(`
route:
  receiver: "null"
  routes:
  - {receiver: media, matchers: ['severity="critical"', 'namespace="media"']}
  - {receiver: slack, matchers: ['severity=~"critical|warning"']}
  - {receiver: digest, matchers: ['severity="info"']}
receivers:
- name: "null"
- name: media
  slack_configs:
  - {channel: "#media", title: "{{ .Status | upper }}", text: "{{ .Text }}", send_resolved: true}
- name: slack
  slack_configs:
  - title: "{{ (index .Alerts.Firing 0).Labels.alertname }}"
    fields: [{title: Severity, value: "{{ .CommonLabels.severity }}"}]
    send_resolved: true
- {name: digest, slack_configs: [{title: "{{ upper }}"}]}
templates: [/etc/alertmanager/config/*.tmpl]
`);

/** An amtool that knows no function `upper`, and refuses an index of what has ended. */
function makeAmtool() {
	const asked: { text: string; data: string; files: string[] }[] = [];
	const amtool = async (
		args: readonly string[],
		{ files = {} }: { files?: Readonly<Record<string, unknown>> } = {},
	) => {
		const text = args.find((each) => each.startsWith("--template.text=")) ?? "";
		const data = String(files["data.json"]);
		asked.push({ text, data, files: Object.keys(files) });
		const fail = (why: string) =>
			new ToolError("amtool", 1, {
				stdout: "",
				stderr: `amtool: error: template: ${why}, try --help\n`,
			});
		if (text.includes("upper")) throw fail(':1: function "upper" not defined');
		if (text.includes("index") && data.includes('"status":"resolved"'))
			throw fail(":1:3: error calling index: index out of range: 0");
		return { stdout: text, stderr: "", files: {} };
	};
	return { asked, amtool };
}

test("a receiver's template that Alertmanager cannot render is reported, with what it was about", async () => {
	const tools = makeAmtool();
	const files = { "000.tmpl": "" };
	expect(await findBrokenTemplates(tools, config, [], files)).toEqual([
		'receiver media can tell Slack nothing of alerts that fire: its title "{{ .Status | upper }}" cannot be rendered, by amtool: template: :1: function "upper" not defined',
		expect.stringMatching(/^receiver media .* have ended: its title/),
		expect.stringMatching(
			/^receiver slack .* have ended: its title .*index out of range: 0$/,
		),
	]);
	expect(tools.asked[0]).toEqual({
		text: "--template.text={{ .Status | upper }}\n{{ .Text }}\nend of the message",
		data: expect.stringContaining('"namespace":"media"'),
		files: ["templates/000.tmpl", "data.json"],
	});
	// Where all are fine, they are rendered at once.
	expect(tools.asked.map(({ text }) => text)).toContain(
		"--template.text={{ (index .Alerts.Firing 0).Labels.alertname }}\n{{ .CommonLabels.severity }}\nend of the message",
	);
});

test("what Alertmanager brings itself is no flaw where amtool does not have it", async () => {
	const refuse = (name: string) => async () => {
		throw new ToolError("amtool", 1, {
			stdout: "",
			stderr: `amtool: error: template: :1:12: executing "" at <x>: template "${name}" not defined\n\n`,
		});
	};
	const find = (name: string) =>
		findBrokenTemplates({ amtool: refuse(name) }, config, [], {});
	expect(await find("slack.default.title")).toEqual([]);
	expect(await find("__subject")).toEqual([]);
	expect((await find("homelab.title"))[0]).toMatch(
		/by amtool: template: :1:12: executing "" at <x>: template "homelab.title" not defined$/,
	);
});

test("an end that is not sent is not rendered, and a tool that fails otherwise is no flaw", async () => {
	const [, , slack] = config.receivers;
	const receivers = [
		{
			name: "slack",
			slack_configs: (slack?.slack_configs ?? []).map((each) => ({
				...each,
				send_resolved: false,
			})),
		},
	];
	const silent = { ...config, receivers };
	expect(await findBrokenTemplates(makeAmtool(), silent, [], {})).toEqual([]);
	const amtool = async () => {
		throw new ToolError("amtool", 1, { stdout: "", stderr: "unknown flag" });
	};
	await expect(findBrokenTemplates({ amtool }, config, [], {})).rejects.toThrow(
		"unknown flag",
	);
});
