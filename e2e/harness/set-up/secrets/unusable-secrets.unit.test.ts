import { expect, test } from "vitest";
import { stringify } from "yaml";
import { findOwnSecrets } from "./own-secrets.ts";

const make = (kind: string, name: string, fields: object) =>
	stringify({ apiVersion: "v1", kind, metadata: { name }, ...fields });
const findFor = (forClaims: boolean, manifests: readonly string[]) =>
	findOwnSecrets(manifests.join("\n---\n"), "monitoring", { forClaims });
const find = (...manifests: readonly string[]) => findFor(true, manifests);

/** An Alertmanager that has Slack's webhook from this file. */
const alertmanager = (api_url_file: string) => [
	make("Alertmanager", "stack", { spec: { secrets: ["alertmanager-slack"] } }),
	make("Secret", "alertmanager-stack", {
		stringData: {
			"alertmanager.yaml": stringify({
				receivers: [{ name: "all", slack_configs: [{ api_url_file }] }],
			}),
		},
	}),
];
const grafana = (env: readonly object[]) =>
	make("Deployment", "grafana", {
		spec: { template: { spec: { containers: [{ name: "grafana", env }] } } },
	});
const variable = (name: string, secret: string, key: string) => ({
	name,
	valueFrom: { secretKeyRef: { name: secret, key } },
});

test("the homelab's credentials may have keys of other names", () => {
	expect(
		find(
			grafana([
				variable("GF_SECURITY_ADMIN_USER", "grafana-admin", "username"),
				variable("GF_SECURITY_ADMIN_PASSWORD", "grafana-admin", "password"),
			]),
			...alertmanager("/etc/alertmanager/secrets/alertmanager-slack/url"),
		),
	).toEqual([]);
});

test("what cannot be made is refused by name", () => {
	expect(() =>
		find(make("Alertmanager", "stack", { spec: { configSecret: "mine" } })),
	).toThrow(/^Alertmanager\/stack has its configuration from Secret mine/);
	expect(() =>
		find(grafana([variable("SMTP_PASSWORD", "grafana-admin", "smtp")])),
	).toThrow(
		/^Deployment\/grafana reads key smtp of Secret grafana-admin, which has admin-user and admin-password here/,
	);
});

test("an upgrade takes what there is", () => {
	const lenient = (...manifests: readonly string[]) =>
		findFor(false, manifests);
	expect(
		lenient(make("Alertmanager", "stack", { spec: { configSecret: "mine" } })),
	).toEqual([{ name: "mine", keys: { "alertmanager.yaml": "configuration" } }]);
	expect(
		lenient(
			grafana([variable("GF_SECURITY_ADMIN_USER", "grafana-admin", "u")]),
		),
	).toEqual([
		{
			name: "grafana-admin",
			keys: {
				"admin-user": "GRAFANA_ADMIN_USER",
				"admin-password": "GRAFANA_ADMIN_PASSWORD",
				u: "GRAFANA_ADMIN_USER",
			},
		},
	]);
	expect(lenient(grafana([variable("A", "doppler-canary", "CANARY")]))).toEqual(
		[{ name: "doppler-canary", keys: { CANARY: "unknown" } }],
	);
});
