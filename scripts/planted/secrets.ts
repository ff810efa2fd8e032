import { stringify } from "yaml";

/** Secrets at the places of a person's values where people put them, with the characters that reports escape. */
export const planted = {
	quotes: `pl"anted'quotes-7d1`,
	brackets: "planted&<brackets>-8e2",
	underscores: "__planted_underscores_9f3__",
	url: "planted-in-url-a04",
	stringConfig: "planted-in-string-b15",
	scrapeConfig: "planted-in-scrape-c26",
	extraObjects: "planted-in-object-d37",
	environment: "planted-in-environment-e48",
} as const;

export const secrets: readonly string[] = Object.values(planted);

const values = {
	grafana: {
		adminPassword: planted.quotes,
		"grafana.ini": {
			"auth.generic_oauth": { client_secret: planted.brackets },
		},
		env: { SHARED_CODE: planted.environment },
	},
	prometheus: {
		prometheusSpec: {
			remoteWrite: [
				{
					url: `https://far.example/write/${planted.url}?x=1`,
					basicAuth: { plain: planted.underscores },
				},
			],
			additionalScrapeConfigs: [
				{ job_name: "nas", params: { code: [planted.scrapeConfig] } },
			],
		},
	},
	alertmanager: {
		stringConfig: `receivers:\n- name: chat\n  chat_configs:\n  - room_code: ${planted.stringConfig}\n`,
	},
	extraObjects: [
		{
			apiVersion: "v1",
			kind: "Secret",
			metadata: { name: "mine" },
			stringData: { file: planted.extraObjects },
		},
	],
};

/** A person's values file that has all of them. */
export const plantedValues = stringify(values);
