import { expect, test } from "vitest";
import type { KubeObject } from "../clients/kube-objects.ts";
import { makeHomelabSecrets } from "../harness/set-up/homelab-secrets.ts";
import { findStrays, listKeptSecrets } from "./homes.ts";

const secrets = makeHomelabSecrets();
const {
	slackWebhookUrl,
	rotatedSlackWebhookUrl,
	slackBotToken,
	rotatedSlackBotToken,
	grafanaAdmin,
	canary,
	dopplerToken,
} = secrets;
const base64 = (text: string) => Buffer.from(text).toString("base64");

function make(
	kind: string,
	path: string,
	fields: Readonly<Record<string, unknown>>,
): KubeObject {
	const [namespace = "", name = ""] = path.split("/");
	return {
		apiVersion: "v1",
		kind,
		metadata: {
			name,
			namespace,
			uid: "",
			labels: {},
			annotations: {},
			ownerReferences: [],
		},
		...fields,
	};
}

const secret = (path: string, text: string) =>
	make("Secret", path, { data: { key: base64(text) } });
const external = (path: string, target?: object) =>
	make("ExternalSecret", path, { spec: { target } });

/** A person's own names: one Secret is called as its ExternalSecret, the other is not. */
const writers = [
	external("monitoring/grafana-login"),
	external("monitoring/slack", { name: "alertmanager-webhook" }),
	external("monitoring/doppler-canary"),
];

const find = (
	objects: readonly KubeObject[],
	logs: Parameters<typeof findStrays>[2] = [],
) => {
	const all = [...writers, ...objects];
	return findStrays(listKeptSecrets(secrets, all, "monitoring"), all, logs);
};

test("what External Secrets writes, the token's Secret and those of the mocks may have secrets", () => {
	expect(
		find([
			secret("monitoring/grafana-login", grafanaAdmin.password),
			secret("monitoring/alertmanager-webhook", slackWebhookUrl),
			secret("monitoring/doppler-canary", canary),
			secret("external-secrets/doppler-token", dopplerToken),
			secret("doppler-mock/doppler-mock", JSON.stringify(secrets)),
			secret(
				"slack-mock/slack-mock",
				`${slackWebhookUrl}\n${rotatedSlackWebhookUrl}`,
			),
			secret("slack-mock/slack-mock", slackBotToken),
		]),
	).toEqual([]);
});

test.each([
	["Grafana's password", "grafana-copy", grafanaAdmin.password],
	["the Slack webhook", "slack-by-hand", slackWebhookUrl],
	["the Slack webhook", "slack-token", slackWebhookUrl.split("/").at(-1) ?? ""],
	["the token of Slack's bot", "slack-bot", slackBotToken],
	["the token for Doppler", "doppler", dopplerToken],
	// An ExternalSecret writes it, but for nobody.
	["the canary", "grafana-login", canary],
])("%s is found in Secret %s, and not quoted", (what, name, text) => {
	expect(find([secret(`monitoring/${name}`, text)])).toEqual([
		`Secret/monitoring/${name}: ${what} at data.key`,
	]);
});

test("an object of another kind is no home, even with a home's name", () => {
	const env = [{ name: "SLACK", value: slackWebhookUrl }];
	expect(
		find([
			make("ConfigMap", "monitoring/grafana-login", {
				data: { password: grafanaAdmin.password },
			}),
			make("CronJob", "monitoring/report", {
				spec: { template: { containers: [{ env }] } },
			}),
		]),
	).toEqual([
		"ConfigMap/monitoring/grafana-login: Grafana's password at data.password",
		"CronJob/monitoring/report: the Slack webhook at spec.template.containers[0].env[0].value",
	]);
});

test("every secret is found in logs", () => {
	const texts = [
		slackWebhookUrl,
		rotatedSlackWebhookUrl,
		slackBotToken,
		rotatedSlackBotToken,
		grafanaAdmin.password,
		canary,
		dopplerToken,
	];
	const logs = texts.map((text, i) => ({ name: `log ${i}`, content: text }));
	expect(find([], [{ name: "log", content: "started" }, ...logs])).toEqual([
		"log 0: the Slack webhook",
		"log 1: the Slack webhook after a rotation",
		"log 2: the token of Slack's bot",
		"log 3: the token of Slack's bot after a rotation",
		"log 4: Grafana's password",
		"log 5: the canary",
		"log 6: the token for Doppler",
	]);
});

test("the operator writes into Alertmanager's configuration what an AlertmanagerConfig refers to", () => {
	const merged = secret(
		"monitoring/alertmanager-stack-generated",
		slackWebhookUrl,
	);
	const refersTo = (name: string) =>
		make("AlertmanagerConfig", "monitoring/team", {
			spec: {
				receivers: [{ slackConfigs: [{ apiURL: { name, key: "slack" } }] }],
			},
		});
	expect(find([merged, refersTo("alertmanager-webhook")])).toEqual([]);
	expect(find([merged, refersTo("own-chat")])).not.toEqual([]);
	expect(find([merged])).not.toEqual([]);
});
