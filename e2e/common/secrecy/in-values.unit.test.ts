import { gzipSync } from "node:zlib";
import { beforeEach, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { rememberRenderedSecrets, rememberSecretsIn } from "./in-values.ts";
import { forgetSecrets, redact } from "./redact.ts";

// What an earlier test has remembered would be blanked anyway.
beforeEach(forgetSecrets);

const base64 = (text: string | Uint8Array) =>
	Buffer.from(text).toString("base64");

test("secrets in values are blanked, names are not", () => {
	rememberSecretsIn({
		grafana: {
			adminPassword: "hunter2hunter2",
			admin: { existingSecret: "grafana-admin" },
		},
		remoteWrite: [
			{
				url: "https://me:pa55word@far/write",
				headers: { Authorization: "Bearer abcdef" },
			},
		],
		receivers: [
			{
				slack_configs: [
					{ api_url: "https://hooks/T/B/x", api_url_file: "/etc/url-file" },
				],
			},
		],
	});
	const text =
		"hunter2hunter2 grafana-admin https://me:pa55word@far Bearer abcdef abcdef https://hooks/T/B/x /etc/url-file";
	expect(redact(text)).not.toMatch(/hunter2|pa55word|abcdef|hooks/);
	expect(redact(text)).toMatch(/grafana-admin .* \/etc\/url-file/);
});

/** Where people put secrets in values, each with its own way to write it. */
const places: Readonly<Record<string, (secret: string) => unknown>> = {
	"a key that says so": (secret) => ({ grafana: { adminPassword: secret } }),
	"a number under such a key": (secret) => ({ pinToken: Number(secret) }),
	"a URL's path": (secret) => ({
		remoteWrite: [{ url: `https://far.example/services/T0/${secret}` }],
	}),
	"a URL's query": (secret) => ({
		remoteWrite: [{ url: `https://far.example/write?tenant=${secret}&x=1` }],
	}),
	"a URL's user": (secret) => ({ any: `http://me:${secret}@far.example/x` }),
	"alertmanager.config": (secret) => ({
		alertmanager: { config: { receivers: [{ x_configs: [{ y: secret }] }] } },
	}),
	"alertmanager.stringConfig": (secret) => ({
		alertmanager: {
			stringConfig: stringify({ receivers: [{ mine: { y: secret } }] }),
		},
	}),
	"a stringConfig that is a template": (secret) => ({
		stringConfig: `{{ if .Values.x }}\nfield: "${secret}"\n{{ end }}\n- [`,
	}),
	additionalScrapeConfigs: (secret) => ({
		additionalScrapeConfigs: [{ job_name: "nas", basic_auth: { p: secret } }],
	}),
	"additionalScrapeConfigs as a text": (secret) => ({
		additionalScrapeConfigs: `- job_name: nas\n  params:\n    key: ['x']\n    code: ['${secret}']\n`,
	}),
	"a Secret's stringData in extraObjects": (secret) => ({
		extraObjects: [{ kind: "Secret", stringData: { file: secret } }],
	}),
	"a Secret's data in extraManifests": (secret) => ({
		extraManifests: {
			mine: { kind: "Secret", data: { file: base64(secret) } },
		},
	}),
	"a Secret that is written as text": (secret) => ({
		extraManifests: [
			`apiVersion: v1\nkind: Secret\nstringData:\n  file: ${secret}\n`,
		],
	}),
	"a file in a Secret": (secret) => ({
		kind: "Secret",
		data: { "objstore.yml": base64(`type: S3\nconfig:\n  x: ${secret}\n`) },
	}),
	"a packed file in a Secret": (secret) => ({
		kind: "Secret",
		data: { "a.yaml.gz": base64(gzipSync(`a:\n  password: ${secret}\n`)) },
	}),
	"a Pod's environment": (secret) => ({
		containers: [{ name: "x", env: [{ name: "CODE", value: secret }] }],
	}),
	"a map of variables": (secret) => ({ grafana: { env: { CODE: secret } } }),
	"grafana.ini": (secret) => ({
		"grafana.ini": { smtp: { password: secret } },
	}),
	"an argument": (secret) => ({ args: [`--api-token=${secret}`] }),
};

test.each(
	Object.entries(places).map(([place, make], i) => [place, make, i] as const),
)("a secret in %s is blanked", (place, make, i) => {
	const secret = place.startsWith("a number") ? "20481632" : `Pl4nted-${i}-x_y`;
	rememberSecretsIn(make(secret));
	expect(redact(`seen: ${secret}.`)).toBe("seen: <blanked>.");
});

test("the key of a kubeconfig is blanked, also decoded and in lines of its own", () => {
	const line = "MHcCAQEEIPl4ntedPl4ntedPl4ntedPl4ntedPl4nted==";
	const pem = `-----BEGIN EC PRIVATE KEY-----\n${line}\n-----END EC PRIVATE KEY-----\n`;
	rememberSecretsIn({
		users: [{ name: "default", user: { "client-key-data": base64(pem) } }],
	});
	expect(redact(`a ${base64(pem)} b\n  ${line}`)).toBe(
		"a <blanked> b\n  <blanked>",
	);
});

test("what reports need stays readable", () => {
	rememberSecretsIn({
		alertmanager: {
			config: {
				route: { receiver: "homelab-slack", group_by: ["alertname", "job"] },
				receivers: [{ name: "homelab-slack" }],
				inhibit_rules: [{ source_matchers: ["severity = critical"] }],
			},
			alertmanagerSpec: { secrets: ["alertmanager-slack"] },
		},
		prometheusOperator: {
			prometheusConfigReloader: { image: { repository: "quay.io/reloader" } },
		},
		prometheus: {
			prometheusSpec: {
				nodeSelector: { "o11y.ruiz.sh/tier": "large-nodes" },
				externalLabels: { site: "attic-cluster" },
				remoteWrite: [{ url: "http://mimir.lan:9009/api/v1/push" }],
				additionalScrapeConfigs: [
					{
						job_name: "nas-disks",
						static_configs: [{ targets: ["nas.lan:9100"] }],
						scrape_interval: "60s",
						metrics_path: "/metrics",
						fallback_scrape_protocol: "PrometheusText0.0.4",
					},
				],
			},
		},
		grafana: {
			envFromSecret: "grafana-environment",
			env: {
				GF_SERVER_ROOT_URL: "https://grafana.lan",
				GF_LOG_MODE: "console",
				GF_SMTP_PASSWORD__FILE: "/srv/mail/password-file",
			},
		},
	});
	const text =
		"homelab-slack alertname severity = critical alertmanager-slack quay.io/reloader large-nodes attic-cluster http://mimir.lan:9009/api/v1/push nas-disks nas.lan:9100 60s /metrics PrometheusText0.0.4 https://grafana.lan console /srv/mail/password-file grafana-environment";
	expect(redact(text)).toBe(text);
});

test("the paths of kube-state-metrics' labels are no secrets", () => {
	rememberSecretsIn({
		labelsFromPath: { webhook_path: ["status", "webhookPath"] },
	});
	const text = "kube_pod_status_phase webhookPath";
	expect(redact(text)).toBe(text);
});

test("in a rendered configuration, files with credentials are named, and credentials are not", () => {
	rememberSecretsIn({
		kind: "Secret",
		stringData: {
			"additional-scrape-configs.yaml":
				"- job_name: hass\n  authorization:\n    credentials_file: /srv/hass/in-file\n- job_name: nas\n  authorization:\n    credentials: of-the-nas\n",
		},
	});
	const text = "/srv/hass/in-file of-the-nas";
	expect(redact(text)).toMatch(/^\/srv\/hass\/in-file /);
	expect(redact(text)).not.toContain("of-the-nas");
});

test("a text of YAML with an alias of what it is in is looked at as lines", () => {
	rememberSecretsIn({ config: "x: &x\n  y: *x\npassword: of-the-nas\n" });
	expect(redact("of-the-nas")).not.toContain("of-the-nas");
});

test("what YAML's aliases make a circle of, or very deep, is walked to its end", () => {
	rememberSecretsIn(
		parse("a: &a\n  password: Pl4nted-Circle_9\n  again: [*a, {token: *a}]\n"),
	);
	rememberSecretsIn({
		stringConfig: "a: &a\n  b: *a\n  token: Pl4nted-Text_9\n",
	});
	let deep: unknown = { password: "Pl4nted-Depth_9" };
	for (let i = 0; i < 20_000; i++) deep = i % 2 ? { deep } : [deep];
	rememberSecretsIn(deep);
	expect(redact("Pl4nted-Circle_9 Pl4nted-Text_9 Pl4nted-Depth_9")).toBe(
		"<blanked> <blanked> <blanked>",
	);
});

test("an object to which many ways lead is taken once", () => {
	let wide: unknown = { password: "Pl4nted-Width_9" };
	for (let i = 0; i < 64; i++) wide = { a: wide, b: wide };
	rememberSecretsIn(wide);
	expect(redact("Pl4nted-Width_9")).toBe("<blanked>");
});

test("a rendered Secret with too many aliases is taken line by line", () => {
	const bomb = Array.from(
		{ length: 20 },
		(_, i) => `  l${i + 1}: &l${i + 1} [*l${i}, *l${i}]`,
	);
	const lines = ["kind: Secret", "stringData:", "  l0: &l0 [x, x]", ...bomb];
	rememberRenderedSecrets([...lines, "  mine: Pl4nted-Bomb_9"].join("\n"));
	expect(redact("Pl4nted-Bomb_9")).toBe("<blanked>");
});
