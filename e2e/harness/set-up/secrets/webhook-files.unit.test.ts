import { expect, test } from "vitest";
import { listWebhookFiles } from "./webhook-files.ts";

test("a receiver's own file counts, or else the global one", () => {
	const config = `
global: { slack_api_url_file: /etc/global }
receivers:
  - name: "null"
  - name: own
    slack_configs: [{ api_url_file: /etc/own }, { channel: "#a" }, { channel: "#b" }]
  - name: inline
    slack_configs: [{ api_url: <secret> }]
`;
	expect(listWebhookFiles(config)).toEqual(["/etc/own", "/etc/global"]);
});

test("without a file there is none", () => {
	expect(listWebhookFiles("receivers: [{ name: a }]")).toEqual([]);
	expect(
		listWebhookFiles(
			"global:\nreceivers: [{ name: a, slack_configs: [{ api_url: <secret> }] }]",
		),
	).toEqual([]);
});

test("a configuration of another form is refused in a sentence", () => {
	expect(() => listWebhookFiles("receivers: {}")).toThrow(
		"Alertmanager's configuration has an unexpected form: receivers: ",
	);
});
