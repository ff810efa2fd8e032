import { expect, test } from "vitest";
import { stringify } from "yaml";
import { findOwnSecrets, findOwnSecretsOfAll } from "./own-secrets.ts";

const make = (kind: string, name: string, fields: object) =>
	stringify({ apiVersion: "v1", kind, metadata: { name }, ...fields });
const find = (...manifests: readonly string[]) =>
	Object.fromEntries(
		findOwnSecrets(manifests.join("\n---\n"), "monitoring", {
			forClaims: true,
		}).map(({ name, keys }) => [name, keys]),
	);
const base64 = (text: string) => Buffer.from(text).toString("base64");

/** An Alertmanager with its configuration in a Secret, as both charts render it. */
const alertmanager = (spec: object, receiver: object) => [
	make("Alertmanager", "stack", { spec }),
	make("Secret", "alertmanager-stack", {
		data: {
			"alertmanager.yaml": base64(
				stringify({ receivers: [{ name: "all", ...receiver }] }),
			),
		},
	}),
];
const grafana = (env: readonly object[], spec: object = {}) =>
	make("Deployment", "grafana", {
		spec: {
			template: { spec: { containers: [{ name: "grafana", env }], ...spec } },
		},
	});
const variable = (name: string, secret: string, key: string) => ({
	name,
	valueFrom: { secretKeyRef: { name: secret, key } },
});

test("what the homelab's own values refer to is there", () => {
	expect(
		find(
			...alertmanager(
				{ secrets: ["alertmanager-slack"] },
				{
					slack_configs: [
						{
							api_url_file:
								"/etc/alertmanager/secrets/alertmanager-slack/webhook-url",
						},
					],
				},
			),
			grafana([
				variable("GF_SECURITY_ADMIN_USER", "grafana-admin", "admin-user"),
				variable("GF_SMTP_PASSWORD", "doppler-canary", "CANARY"),
			]),
			make("Prometheus", "stack", {
				spec: {
					thanos: {
						objectStorageConfig: {
							name: "thanos-objstore",
							key: "objstore.yml",
						},
					},
				},
			}),
		),
	).toEqual({});
});

test("prose about a Secret's files is no key", () => {
	expect(
		find(
			make("Alertmanager", "stack", {
				spec: { secrets: ["alertmanager-slack"] },
			}),
			make("ConfigMap", "notes", {
				data: {
					text: "It is in /etc/alertmanager/secrets/alertmanager-slack/webhook-url.",
				},
			}),
		),
	).toEqual({});
});

test("Slack's webhook, its bot's token and other receivers' files are told apart by the configuration", () => {
	const authorization = { credentials_file: "/etc/hooks/bot" };
	expect(
		find(
			...alertmanager(
				{
					secrets: ["pushover"],
					volumes: [{ name: "v", secret: { secretName: "hooks" } }],
					volumeMounts: [{ name: "v", mountPath: "/etc/hooks" }],
					containers: [
						{ name: "alertmanager", env: [{ name: "A", value: "" }] },
					],
				},
				{
					slack_configs: [
						{ api_url_file: "/etc/hooks/slack" },
						{ http_config: { authorization } },
					],
					pushover_configs: [
						{
							user_key_file: "/etc/alertmanager/secrets/pushover/user",
							token_file: "/etc/alertmanager/secrets/pushover/token",
						},
					],
				},
			),
		),
	).toEqual({
		pushover: { user: "unknown", token: "unknown" },
		hooks: { slack: "SLACK_WEBHOOK_URL", bot: "SLACK_BOT_TOKEN" },
	});
});

test("Grafana's credentials are known by their variables, whatever the keys are called", () => {
	expect(
		find(
			grafana([
				variable("GF_SECURITY_ADMIN_USER", "login", "name"),
				variable("GF_SECURITY_ADMIN_PASSWORD", "login", "word"),
				variable("REQ_PASSWORD", "login", "word"),
				variable("GF_SMTP_PASSWORD", "mail", "password"),
			]),
		),
	).toEqual({
		login: { name: "GRAFANA_ADMIN_USER", word: "GRAFANA_ADMIN_PASSWORD" },
		mail: { password: "unknown" },
	});
});

test("the operator's configurations get what it can read", () => {
	expect(
		find(
			make("Prometheus", "stack", {
				spec: {
					additionalScrapeConfigs: { name: "jobs", key: "jobs.yaml" },
					thanos: {
						objectStorageConfig: { name: "bucket", key: "config.yaml" },
					},
				},
			}),
		),
	).toEqual({
		jobs: { "jobs.yaml": "list" },
		bucket: { "config.yaml": "object store" },
	});
});

test("fields that are null are absent, and a configuration may be in plain text", () => {
	const config = { receivers: [{ slack_configs: [{ api_url_file: "/s/k" }] }] };
	expect(
		find(
			grafana([variable("GF_SECURITY_ADMIN_PASSWORD", "login", "word")], {
				initContainers: null,
				volumes: null,
			}),
			make("Alertmanager", "stack", {
				spec: {
					configSecret: "mine",
					volumes: [{ name: "v", secret: { secretName: "hooks" } }],
					volumeMounts: [{ name: "v", mountPath: "/s" }],
				},
			}),
			make("Secret", "mine", {
				stringData: { "alertmanager.yaml": stringify(config) },
			}),
		),
	).toEqual({
		login: { word: "GRAFANA_ADMIN_PASSWORD" },
		hooks: { k: "SLACK_WEBHOOK_URL" },
	});
});

test("a Secret that is taken as a whole gets a key", () => {
	const envFrom = [{ secretRef: { name: "oauth" } }];
	const container = { name: "grafana", envFrom };
	expect(find(grafana([], { containers: [container] }))).toEqual({
		oauth: { unknown: "unknown" },
	});
});

test("what the manifests bring or make is theirs", () => {
	const reads = ["a", "b", "d"].map((name) => variable(name, name, "k"));
	const args = ["--secret-name=d"];
	expect(
		find(
			grafana(reads),
			make("Secret", "a", { stringData: { k: "v" } }),
			make("ExternalSecret", "x", { spec: { target: { name: "b" } } }),
			make("Job", "hook", {
				spec: { template: { spec: { containers: [{ name: "j", args }] } } },
			}),
		),
	).toEqual({});
});

test("nothing opens a SealedSecret, so its Secret is made", () => {
	expect(
		find(
			grafana([variable("GF_SECURITY_ADMIN_PASSWORD", "login", "word")]),
			make("SealedSecret", "login", { spec: { encryptedData: { word: "x" } } }),
		),
	).toEqual({ login: { word: "GRAFANA_ADMIN_PASSWORD" } });
});

test("of several charts each gets what it refers to", () => {
	const charts = ["one", "two"].map((key) => ({
		manifests: grafana([variable("GF_SECURITY_ADMIN_USER", "login", key)]),
	}));
	expect(
		findOwnSecretsOfAll(charts, "monitoring", { forClaims: true }),
	).toEqual([
		{
			name: "login",
			keys: { one: "GRAFANA_ADMIN_USER", two: "GRAFANA_ADMIN_USER" },
		},
	]);
});
