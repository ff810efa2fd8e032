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
} as const;

export const secrets: readonly string[] = Object.values(secretByPlace);

const values = {
	grafana: {
		adminPassword: secretByPlace.quotes,
		"grafana.ini": {
			"auth.generic_oauth": { client_secret: secretByPlace.brackets },
		},
		env: { SHARED_CODE: secretByPlace.environment },
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
				{ job_name: "nas", params: { code: [secretByPlace.scrapeConfig] } },
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
			stringData: { file: secretByPlace.extraObjects },
		},
	],
};

/** A person's values file that has all of them. */
export const plantedValues = stringify(values);
