import { expect, test } from "vitest";
import { findInlineCredentials } from "./inline-credentials.ts";
import { parseConfig } from "./loaded-config.ts";

/** As Alertmanager prints what it has loaded: secrets as `<secret>`, and what receivers take from global beside them. */
const find = (slackConfig: string, global = "") =>
	findInlineCredentials(
		parseConfig(`
global: { ${global} }
route: { receiver: slack }
receivers: [{ name: "null" }, { name: slack, slack_configs: [{ ${slackConfig} }] }]`),
	);
const bot = (credentials: string) =>
	`api_url: <secret>, http_config: { authorization: { type: Bearer, ${credentials} } }`;

test.each([
	["a webhook from a file", "api_url_file: /w", ""],
	["a bot's token from a file", bot("credentials_file: /t"), ""],
	[
		"a bot's address for all",
		bot("credentials_file: /t"),
		"slack_api_url: <secret>",
	],
	[
		"a bot's address beside a webhook from a file",
		`${bot("credentials_file: /t")} }, { api_url_file: /w`,
		"slack_api_url: <secret>",
	],
])("%s is not in the configuration", (_, slackConfig, global) => {
	expect(find(slackConfig, global)).toEqual([]);
});

test.each([
	[
		"api_url: <secret>, http_config: { follow_redirects: true }",
		"",
		"receiver slack has the address of its webhook",
	],
	[bot("credentials: <secret>"), "", "receiver slack has the token of its bot"],
	["api_url_file: /w", "slack_api_url: <secret>", "global has slack_api_url"],
])("%s with global %s is told", (slackConfig, global, told) => {
	expect(find(slackConfig, global)).toEqual([told]);
});
