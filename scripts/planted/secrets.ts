import { stringify } from "yaml";

/** Secrets at the places of a person's values where people put them, with the characters that reports escape. */
export const secretByPlace = {
	quotes: `pl"anted'quotes-7d1`,
	brackets: "planted&<brackets>-8e2",
	underscores: "__planted_underscores_9f3__",
	url: "planted-in-url-a04",
	stringConfig: "planted-in-string-b15",
	scrapeConfig: "planted-in-scrape-c26",
	extraObjects: "planted-in-object-d37",
	environment: "planted-in-environment-e48",
	short: "hunt3r7",
	word: "Xylophone",
	digits: "48213377123",
	flag: "planted-in-flag-g60",
	command: "planted-in-command-h71",
	bearer: "planted-in-bearer-i82",
	header: "planted-in-header-j93",
	annotation: "planted-in-annotation-k04",
	httpHeaders: "planted-in-http-headers-l15",
	datasource: "planted-in-datasource-m26",
	contactPoint: "planted-in-contact-n37",
	template: "planted-in-template-o48",
	json: "planted-in-json-p59",
	privateKey: "plantedInPrivateKeyQ60",
	passphrase: "planted in pass phrase r71",
} as const;

export const secrets: readonly string[] = Object.values(secretByPlace);

const base64 = (text: string) => Buffer.from(text).toString("base64");

const values = {
	grafana: {
		adminPassword: secretByPlace.quotes,
		"grafana.ini": {
			"auth.generic_oauth": { client_secret: secretByPlace.brackets },
		},
		env: {
			SHARED_CODE: secretByPlace.environment,
			DB_PASS: secretByPlace.short,
			DOOR_CODE: secretByPlace.word,
			PIN_CODE: secretByPlace.digits,
			WORDS: secretByPlace.passphrase,
		},
		podAnnotations: {
			"example.com/auth": `Basic ${base64(`user:${secretByPlace.annotation}`)}`,
		},
		additionalDataSources: [
			{
				name: "far",
				secureJsonData: { httpHeaderValue1: secretByPlace.datasource },
			},
		],
		alerting: {
			"contactpoints.yaml": {
				settings: { integrationKey: secretByPlace.contactPoint },
			},
		},
	},
	prometheus: {
		prometheusSpec: {
			remoteWrite: [
				{
					url: `https://far.example/write/${secretByPlace.url}?x=1`,
					basicAuth: { plain: secretByPlace.underscores },
				},
			],
			additionalScrapeConfigs: [
				{
					job_name: "nas",
					params: { code: [secretByPlace.scrapeConfig] },
					http_headers: { "X-Nas": { secrets: [secretByPlace.httpHeaders] } },
					tls_config: {
						key: `-----BEGIN PRIVATE KEY-----\n${secretByPlace.privateKey}\n-----END PRIVATE KEY-----\n`,
					},
				},
			],
			containers: [
				{
					name: "beside",
					args: ["--client-secret", secretByPlace.flag],
					command: [
						"sh",
						"-c",
						`curl -u me:${secretByPlace.command} http://a; curl -H 'Authorization: Bearer ${secretByPlace.bearer}' http://b`,
					],
					livenessProbe: {
						httpGet: {
							httpHeaders: [{ name: "X-Probe", value: secretByPlace.header }],
						},
					},
				},
			],
		},
	},
	alertmanager: {
		stringConfig: `receivers:\n- name: chat\n  chat_configs:\n  - room_code: ${secretByPlace.stringConfig}\n`,
	},
	extraObjects: [
		{
			apiVersion: "v1",
			kind: "Secret",
			metadata: { name: "mine" },
			stringData: {
				file: secretByPlace.extraObjects,
				"more.json": JSON.stringify({ pin: secretByPlace.json }),
			},
		},
		`apiVersion: v1\nkind: Secret\nmetadata:\n  name: {{ .Release.Name }}-x\nstringData:\n  code: ${secretByPlace.template}\n`,
	],
};

/** A person's values file that has all of them. */
export const plantedValues = stringify(values);
