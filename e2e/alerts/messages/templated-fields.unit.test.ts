import { expect, test } from "vitest";
import { parseConfig } from "../loaded-config.ts";
import { templatedFieldsOf } from "./templated-fields.ts";

test("what Alertmanager renders is found, also in fields and actions, and nothing else", () => {
	const [receiver] = parseConfig(`
route: {receiver: slack}
receivers:
- name: slack
  slack_configs:
  - api_url_file: /etc/{{ no template }}
    http_config: {title: "{{ none }}"}
    channel: "#plain"
    title: "{{ .Title }}"
    fields: [{title: Plain, value: "{{ .Value }}", short: true}]
    actions:
    - {type: button, text: Silence, url: "{{ .ExternalURL }}", confirm: {text: "{{ .Sure }}"}}
    send_resolved: true
  - {text: "{{ .Text }}", color: '{{ template "slack.default.color" . }}'}
`).receivers;
	expect(receiver && templatedFieldsOf(receiver)).toEqual([
		{
			sendsResolved: true,
			fields: [
				{ name: "title", text: "{{ .Title }}" },
				{ name: "fields[0].value", text: "{{ .Value }}" },
				{ name: "actions[0].url", text: "{{ .ExternalURL }}" },
				{ name: "actions[0].confirm.text", text: "{{ .Sure }}" },
			],
		},
		{ sendsResolved: false, fields: [{ name: "text", text: "{{ .Text }}" }] },
	]);
});
