import { beforeEach, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { rememberSecretsIn } from "./in-values.ts";
import { forgetSecrets, redact } from "./redact.ts";

// What an earlier test has remembered would be blanked anyway.
beforeEach(forgetSecrets);

const base64 = (text: string) => Buffer.from(text).toString("base64");
const line = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC";
const pem = `-----BEGIN PRIVATE KEY-----\n${line}\nzz${line}\n-----END PRIVATE KEY-----\n`;
const secret = "Pl4nted-Field_9";

/** Secret fields of known programs, by their documentation; the last one is what must be blanked of them. */
const fields: Readonly<Record<string, readonly [unknown, string?]>> = {
	"HTTP headers of Prometheus": [
		{
			additionalScrapeConfigs: [{ http_headers: { A: { secrets: [secret] } } }],
		},
	],
	"HTTP headers of Alertmanager": [
		{
			config: {
				http_config: { http_headers: { A: { secrets: ["hunter2"] } } },
			},
		},
		"hunter2",
	],
	"a key for TLS": [{ config: { tls_config: { key: pem } } }, line],
	"a private key under any key": [{ mine: pem }, line],
	"a private key in JSON": [{ mine: JSON.stringify({ a: pem }) }, line],
	"a datasource": [
		{ datasources: [{ secureJsonData: { httpHeaderValue1: secret } }] },
	],
	"a contact point": [{ settings: { integrationKey: secret } }],
	"Pushover for Grafana": [
		{ settings: { userKey: "abcdefghijk" } },
		"abcdefghijk",
	],
	"grafana.ini": [{ "grafana.ini": { "plugin.x": { pin: "4821" } } }, "4821"],
	"grafana.ini with a word": [
		{ "grafana.ini": { "plugin.x": { mine: "Swordfish" } } },
		"Swordfish",
	],
	"a Secret with a template": [
		{
			extraObjects: [
				`kind: Secret\nmetadata:\n  name: {{ .Release.Name }}-x\nstringData:\n  code: ${secret}\n`,
			],
		},
	],
	"a Secret's data with a template": [
		{
			extraObjects: [
				`{{ if .Values.x }}\nkind: Secret\ndata:\n  code: ${base64(secret)}\n{{ end }}\n`,
			],
		},
	],
	"a Secret that is no YAML for its templates": [
		{
			extraObjects: [
				`kind: Secret\ndata:\n  code: ${base64(secret)}\n  {{- range x }}\n  - [{{ . }}: {{ end }}`,
			],
		},
	],
	"a Secret's data that its template encodes": [
		{
			extraObjects: [
				`kind: Secret\ndata:\n  code: {{ "${secret}" | b64enc }}\n`,
			],
		},
	],
	"MySQL's address": [
		{ env: { DATA_SOURCE_NAME: `exporter:${secret}@(db:3306)/` } },
	],
	"a text in a template": [
		{ stringConfig: `mine: {{ "${secret}" | quote }}\nroute: {}\n` },
	],
	"a text after a template": [{ config: { mine: `{{ .Values.x }}${secret}` } }],
	"a list in a text with templates": [
		{ additionalScrapeConfigs: `{{ if }}: [\ncode: [${secret}, b]\n` },
	],
	"a Secret's JSON": [
		{ kind: "Secret", stringData: { settings: `{"pin":"${secret}"}` } },
	],
	"a login at a registry": [
		{
			kind: "Secret",
			data: {
				".dockerconfigjson": base64(
					JSON.stringify({ auths: { r: { auth: base64(`u:${secret}`) } } }),
				),
			},
		},
	],
	"a Secret's .crt that is none": [
		{ kind: "Secret", stringData: { "my.crt": secret } },
	],
	"a header with a login": [
		{ headers: { Authorization: `Basic ${base64(`u:${secret}`)}` } },
	],
	"a cookie": [{ headers: { Cookie: `sid=${secret}; b=c` } }],
	"an annotation": [
		{ annotations: { "x/auth": `Basic ${base64(`u:${secret}`)}` } },
	],
	"a snippet of nginx": [
		{
			annotations: {
				snippet: `proxy_set_header Authorization "Bearer ${secret}";\nproxy_set_header X-Api-Key "other";`,
			},
		},
	],
	"a number": [{ config: { user_key: 123456789012 } }, "123456789012"],
	"an environment with a word": [
		{ env: { SHARED_CODE: "Swordfish" } },
		"Swordfish",
	],
	"an environment with digits": [
		{ env: [{ name: "PIN_CODE", value: "48213377123" }] },
		"48213377123",
	],
	"an environment with a short one": [{ env: { DB_PWD: "ppp999" } }, "ppp999"],
	"a short password": [{ basic_auth: { password: "abcde" } }, "abcde"],
};

test.each(
	Object.entries(fields).map(
		([name, [value, shown = secret]]) => [name, value, shown] as const,
	),
)("%s: the secret is blanked", (_, value, shown) => {
	rememberSecretsIn(value);
	expect(redact(`seen: ${shown}.`)).toBe("seen: <blanked>.");
});

test("a number counts as it is written", () => {
	const text = "config:\n  pin: 0012345678901234567890\n";
	rememberSecretsIn(parse(text, { schema: "failsafe" }));
	expect(redact(text)).toBe("config:\n  pin: <blanked>\n");
});

test("tenants, dashboards, choices and names in a configuration stay readable", () => {
	const values = {
		additionalDataSources: [
			{
				jsonData: { httpHeaderName1: "X-Scope-OrgID" },
				secureJsonData: { httpHeaderValue1: "attic-tenant" },
			},
		],
		remoteWrite: [{ headers: { "X-Scope-OrgID": "attic-tenant" } }],
		extraObjects: [
			{
				kind: "ConfigMap",
				data: {
					"a.json": JSON.stringify({
						title: "Kitchen",
						panels: [{ title: "Temperature", unit: "celsius" }],
					}),
				},
			},
			{
				kind: "ExternalSecret",
				spec: {
					data: [{ secretKey: "user", remoteRef: { key: "SLACK_USER" } }],
				},
			},
		],
		"grafana.ini": {
			server: { domain: "grafana.attic.lan", http_port: 3000 },
			log: { mode: "console", level: "verbose" },
			auth: { disable_login_form: true },
			"auth.generic_oauth": { scopes: "openid profile email" },
			users: { default_theme: "sepia", viewers_can_edit: "true" },
			smtp: { password: "$__file{/etc/secrets/smtp}" },
		},
		alertmanager: {
			config: {
				global: { resolve_timeout: "5m", smtp_smarthost: "mail.lan:587" },
				receivers: [{ name: "kitchen" }],
			},
		},
		ingress: {
			annotations: { "nginx.ingress.kubernetes.io/auth-type": "basic" },
		},
	};
	rememberSecretsIn(values);
	const text = `${stringify(values)} user true false 5 3000 none`;
	expect(redact(text)).toBe(text);
});
