import { randomBytes } from "node:crypto";
import { mapValues, partition } from "es-toolkit";
import { stringify } from "yaml";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { makeSecret } from "../../../clients/secret.ts";
import { type HomelabSecrets, listInDoppler } from "../homelab-secrets.ts";
import {
	makeObjectStoreConfig,
	type ThanosStore,
} from "../object-store-objects.ts";
import type { Content, DopplerName } from "./contents.ts";
import type { OwnSecret } from "./own-secrets.ts";

/** What set-up knows of the contents. */
export interface KnownContents {
	readonly doppler: Readonly<Record<DopplerName, string>>;
	/** Thanos' configuration of the object store, as YAML. */
	readonly objectStore: string;
}

const dopplerNames: ReadonlySet<Content> = new Set<DopplerName>([
	"SLACK_WEBHOOK_URL",
	"SLACK_BOT_TOKEN",
	"GRAFANA_ADMIN_USER",
	"GRAFANA_ADMIN_PASSWORD",
]);

/** What set-up knows of a run. */
export function makeKnownContents(
	secrets: HomelabSecrets,
	objectStore: ThanosStore,
): KnownContents {
	return {
		doppler: listInDoppler(secrets),
		objectStore: makeObjectStoreConfig(objectStore),
	};
}

/** Makes the Secret itself, with something else where only the homelab knows the content. */
export function makeOwnSecret(
	{ name, keys }: OwnSecret,
	namespace: string,
	known: KnownContents,
): Manifest {
	return makeSecret(
		namespace,
		name,
		mapValues(keys, (content) => makeContent(content, known)),
	);
}

/** Whether External Secrets can write it, as it writes the homelab's other credentials. */
export function isFromDoppler({ keys }: OwnSecret): boolean {
	return Object.values(keys).some((content) => dopplerNames.has(content));
}

/** Makes the ExternalSecret that writes it from Doppler, as those of stack/addons/external-secrets.yaml. */
export function makeOwnExternalSecret(
	{ name, keys }: OwnSecret,
	namespace: string,
	known: KnownContents,
): Manifest {
	const [ofDoppler, others] = partition(Object.entries(keys), ([, content]) =>
		dopplerNames.has(content),
	);
	const data = Object.fromEntries(
		others.map(([key, content]) => [key, makeContent(content, known)]),
	);
	return {
		apiVersion: "external-secrets.io/v1",
		kind: "ExternalSecret",
		metadata: { name, namespace },
		spec: {
			refreshInterval: "5s",
			secretStoreRef: { kind: "ClusterSecretStore", name: "doppler" },
			...(others.length > 0 && {
				target: { template: { mergePolicy: "Merge", data } },
			}),
			data: ofDoppler.map(([secretKey, key]) => ({
				secretKey,
				remoteRef: { key },
			})),
		},
	};
}

function makeContent(
	content: Content,
	{ doppler, objectStore }: KnownContents,
): string {
	switch (content) {
		case "object store":
			return objectStore;
		case "list":
			return "[]";
		case "configuration":
			return stringify({
				route: { receiver: "null" },
				receivers: [{ name: "null" }],
			});
		case "unknown":
			// No word: reports blank what is in Secrets.
			return randomBytes(8).toString("hex");
		default:
			return doppler[content];
	}
}

/** Says of a Secret what stands in, as a sentence of the report. */
export function describeOwnSecret({ name, keys }: OwnSecret): string {
	const say: Readonly<Record<Content, string>> = {
		SLACK_WEBHOOK_URL: "the webhook of Slack's mock",
		SLACK_BOT_TOKEN: "the token of a bot that Slack's mock knows",
		GRAFANA_ADMIN_USER: "the user of Grafana's administrator",
		GRAFANA_ADMIN_PASSWORD: "the password of Grafana's administrator",
		"object store": "Thanos' access to the object store",
		list: "an empty list",
		configuration: "a configuration that notifies nobody",
		unknown: "something random",
	};
	const parts = Object.entries(keys).map(
		([key, content]) => `${say[content]} as ${key}`,
	);
	return `Secret ${name}, which the values refer to: the test makes it, with ${parts.join(", ")}`;
}
