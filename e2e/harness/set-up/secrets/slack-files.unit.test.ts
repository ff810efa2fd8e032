import { expect, test } from "vitest";
import { readSlackFiles } from "./slack-files.ts";

const webhook = (path: string) => ({ path, content: "SLACK_WEBHOOK_URL" });
const token = (path: string) => ({ path, content: "SLACK_BOT_TOKEN" });

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
	expect(readSlackFiles(config)).toEqual([
		webhook("/etc/own"),
		webhook("/etc/global"),
	]);
});

test.each([
	[
		"authorizes its requests",
		"receivers: [{ slack_configs: [{ api_url: <secret>, http_config: { authorization: { credentials_file: /t } } }] }]",
	],
	[
		"has an app's token",
		"receivers: [{ slack_configs: [{ app_token_file: /t }] }]",
	],
	[
		"has the app's token of all",
		"global: { slack_app_token_file: /t }\nreceivers: [{ slack_configs: [{ channel: '#a' }] }]",
	],
	[
		"authorizes as all requests are",
		"global: { http_config: { authorization: { credentials_file: /t } } }\nreceivers: [{ slack_configs: [{ api_url: <secret> }] }]",
	],
])("a bot's token is in a file where a receiver %s", (_, config) => {
	expect(readSlackFiles(config)).toEqual([token("/t")]);
});

test("a webhook's file is one whatever else authorizes requests", () => {
	expect(
		readSlackFiles(
			"receivers: [{ slack_configs: [{ api_url_file: /w, http_config: { authorization: { credentials_file: /t } } }] }]",
		),
	).toEqual([webhook("/w")]);
});

test("without a file there is none", () => {
	expect(readSlackFiles("receivers: [{ name: a }]")).toEqual([]);
	expect(
		readSlackFiles(
			"global:\nreceivers: [{ name: a, slack_configs: [{ api_url: <secret>, http_config: { authorization: { credentials: <secret> } } }] }]",
		),
	).toEqual([]);
});

test("a configuration of another form is refused in a sentence", () => {
	expect(() => readSlackFiles("receivers: {}")).toThrow(
		"Alertmanager's configuration has an unexpected form: receivers: ",
	);
});
