import { expect, test } from "vitest";
import { parse } from "yaml";
import { trustSlackMock } from "./slack-trust.ts";

const folder = "/etc/alertmanager/configmaps/slack-mock-authority";
const bot =
	"alertmanager: { config: { receivers: [{ slack_configs: [{ api_url: 'https://slack.com/api/chat.postMessage' }] }] } }";
const withSpec = (spec: string) =>
	`alertmanager: { alertmanagerSpec: { ${spec} } }`;
const specOf = (layers: readonly string[]): unknown =>
	parse(trustSlackMock(layers)?.content ?? "").alertmanager.alertmanagerSpec;

test.each([
	["a bot's address", bot],
	[
		"a global address",
		"alertmanager: { config: { global: { slack_api_url: 'https://hooks.slack.com/services/T/B/x' } } }",
	],
	[
		"an app's token",
		"alertmanager: { config: { global: { slack_app_token_file: /t } } }",
	],
	[
		"an app's token of one receiver",
		"alertmanager: { config: { receivers: [{ slack_configs: [{ app_token_file: /t }] }] } }",
	],
	[
		"a configuration in a text",
		"alertmanager: { stringConfig: 'api_url: https://slack.com/api/chat.postMessage' }",
	],
	[
		"a Secret that the values bring",
		"extraManifests: [{ kind: Secret, stringData: { url: 'https://hooks.slack.com/services/T/B/x' } }]",
	],
])("%s is Slack's own", (_, values) => {
	expect(trustSlackMock(["", values, "{}"])).toMatchObject({
		changed: [
			"alertmanager.alertmanagerSpec.configMaps[0]=slack-mock-authority",
			`alertmanager.alertmanagerSpec.containers[0].env.SSL_CERT_DIR=${folder}`,
		],
	});
});

test.each([
	["nothing", ""],
	["a webhook from a file", "api_url_file: /etc/slack"],
	["a comment", "# https://slack.com/api/chat.postMessage\na: 1"],
	["a workspace's page", "title_link: 'https://homelab.slack.com/archives/C1'"],
	["another chat", "api_url: https://mattermost.example/hooks/x"],
])("%s is not", (_, values) => {
	expect(trustSlackMock([values])).toBeUndefined();
});

test("what a person's values have stays", () => {
	const layers = [
		withSpec("configMaps: [old], containers: [{ name: old }]"),
		JSON.stringify({
			alertmanager: {
				alertmanagerSpec: {
					configMaps: ["templates"],
					containers: [
						{ name: "proxy", image: "proxy" },
						{
							name: "alertmanager",
							resources: {},
							env: [
								{ name: "TZ", value: "UTC" },
								{ name: "SSL_CERT_DIR", value: "/certs" },
							],
						},
						{ name: "other" },
					],
				},
			},
		}),
		bot,
	];
	expect(specOf(layers)).toEqual({
		configMaps: ["templates", "slack-mock-authority"],
		containers: [
			{ name: "proxy", image: "proxy" },
			{
				name: "alertmanager",
				resources: {},
				env: [
					{ name: "TZ", value: "UTC" },
					{ name: "SSL_CERT_DIR", value: `/certs:${folder}` },
				],
			},
			{ name: "other" },
		],
	});
	expect(trustSlackMock(layers)?.changed).toEqual([
		"alertmanager.alertmanagerSpec.configMaps[1]=slack-mock-authority",
		`alertmanager.alertmanagerSpec.containers[1].env.SSL_CERT_DIR=/certs:${folder}`,
	]);
});

test("another container gets company, and null is an empty list", () => {
	const layers = [
		bot,
		withSpec("configMaps: [old], containers: [{ name: proxy }]"),
		withSpec("configMaps: null"),
	];
	expect(specOf(layers)).toEqual({
		configMaps: ["slack-mock-authority"],
		containers: [
			{ name: "proxy" },
			{
				name: "alertmanager",
				env: [{ name: "SSL_CERT_DIR", value: folder }],
			},
		],
	});
});
