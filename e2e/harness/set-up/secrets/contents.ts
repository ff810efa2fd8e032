import { z } from "zod";
import {
	type Manifest,
	type Pod,
	pod,
	secretObject,
} from "../../../clients/kube-objects.ts";
import { findMountedSecret } from "../../../clients/mounted-secret.ts";
import { decodeSecret, type SecretKey } from "../../../clients/secret.ts";
import type { SecretReference } from "./references.ts";
import {
	readSlackFiles,
	type SlackCredential,
	type SlackFile,
} from "./slack-files.ts";

/** What Doppler calls the homelab's credentials. */
export type DopplerName =
	| SlackCredential
	| "GRAFANA_ADMIN_USER"
	| "GRAFANA_ADMIN_PASSWORD";

/** What a key of a Secret is for: something of Doppler's, what set-up knows, or what only the homelab knows. */
export type Content =
	| DopplerName
	| "object store"
	/** A list in YAML, which may be empty. */
	| "list"
	/** Alertmanager's whole configuration. */
	| "configuration"
	| "unknown";

/** A key of a Secret, and what it is for. */
export interface KnownKey extends SecretKey {
	readonly content: Content;
}

/** The operator reads a list from them, and makes no Prometheus from anything else. */
const lists: readonly string[] = [
	"additionalScrapeConfigs",
	"additionalAlertManagerConfigs",
	"additionalAlertRelabelConfigs",
];

/** With what Grafana and its sidecars have the administrator's credentials. */
const credentials: Readonly<Record<string, Content>> = {
	GF_SECURITY_ADMIN_USER: "GRAFANA_ADMIN_USER",
	GF_SECURITY_ADMIN_PASSWORD: "GRAFANA_ADMIN_PASSWORD",
	REQ_USERNAME: "GRAFANA_ADMIN_USER",
	REQ_PASSWORD: "GRAFANA_ADMIN_PASSWORD",
};

/** What the keys of Secrets are for, as far as manifests say it: one key may be there several times. */
export function listKnownKeys(
	manifests: readonly Manifest[],
	references: readonly SecretReference[],
): KnownKey[] {
	const pods = manifests.flatMap(podOf);
	const paths = listPaths(manifests);
	const slackFiles = listSlackFiles(manifests);
	return [
		...references.flatMap(({ secret: name, key, field }): KnownKey[] => {
			if (key === undefined) return [];
			if (field === "objectStorageConfig")
				return [{ name, key, content: "object store" }];
			if (field === "configSecret")
				return [{ name, key, content: "configuration" }];
			return [
				{ name, key, content: lists.includes(field) ? "list" : "unknown" },
			];
		}),
		...pods.flatMap(credentialsOf),
		...pods.flatMap((each) =>
			slackFiles.flatMap(({ path, content }) =>
				mountedIn(each, [path], content),
			),
		),
		...pods.flatMap((each) => mountedIn(each, paths, "unknown")),
	];
}

const template = z.looseObject({ spec: z.looseObject({}) });
const workload = z.looseObject({
	spec: z.union([
		z.looseObject({ template }).transform((spec) => spec.template.spec),
		z
			.looseObject({
				jobTemplate: z.looseObject({ spec: z.looseObject({ template }) }),
			})
			.transform(({ jobTemplate }) => jobTemplate.spec.template.spec),
	]),
});
/** Of the operator's objects, whose pods are not in the manifests. */
const operated = z.looseObject({
	spec: z.looseObject({
		configSecret: z.string().optional(),
		secrets: z.array(z.string()).default([]),
		volumes: z.array(z.unknown()).default([]),
		volumeMounts: z.array(z.unknown()).default([]),
		containers: z.array(z.unknown()).default([]),
	}),
});

/** The pod that a manifest makes; none if it makes none, or one that the API server would refuse. */
function podOf(manifest: Manifest): Pod[] {
	const { success, data } = pod.safeParse({
		apiVersion: "v1",
		kind: "Pod",
		metadata: { name: manifest.metadata.name },
		// A template without entries leaves a field that is null, which the API server takes for absent.
		spec: withoutNulls(podSpecOf(manifest)),
	});
	return success ? [data] : [];
}

function podSpecOf(manifest: Manifest): unknown {
	if (manifest.kind === "Pod") return manifest.spec;
	const name = manifest.kind.toLowerCase();
	if (name !== "alertmanager" && name !== "prometheus")
		return workload.safeParse(manifest).data?.spec;
	const { success, data } = operated.safeParse(manifest);
	if (!success) return undefined;
	const { secrets, volumes, volumeMounts, containers } = data.spec;
	return {
		volumes: [
			...volumes,
			...secrets.map((secretName) => ({
				name: `secret-${secretName}`,
				secret: { secretName },
			})),
		],
		containers: [
			{
				name,
				volumeMounts: [
					...volumeMounts,
					...secrets.map((each) => ({
						name: `secret-${each}`,
						mountPath: `/etc/${name}/secrets/${each}`,
					})),
				],
			},
			...containers,
		],
	};
}

function withoutNulls(value: unknown): unknown {
	const text = JSON.stringify(value ?? {});
	return JSON.parse(text, (_, each: unknown) => each ?? undefined);
}

function credentialsOf({ spec }: Pod): KnownKey[] {
	return spec.containers.flatMap(({ env }) =>
		env.flatMap(({ name, valueFrom }) => {
			const content = credentials[name];
			const key = valueFrom?.secretKeyRef;
			return content && key ? [{ ...key, content }] : [];
		}),
	);
}

/** The keys of Secrets that a pod has as some of these files. */
function mountedIn(
	of: Pod,
	paths: readonly string[],
	content: Content,
): KnownKey[] {
	const volumes = of.spec.volumes
		.filter(({ secret, projected }) => secret ?? projected)
		.map(({ name }) => name);
	return of.spec.containers.flatMap((container) => {
		const folders = container.volumeMounts
			.filter(({ name }) => volumes.includes(name))
			.map(({ mountPath }) => mountPath);
		return paths
			.filter((path) => folders.some((each) => path.startsWith(each)))
			.flatMap((path) => {
				const key = findMountedSecret(of, container, path);
				return key && /^\.?[\w-][\w.-]*$/.test(key.key)
					? [{ ...key, content }]
					: [];
			});
	});
}

/** Everything in manifests that looks like the path of a file, in the content of their Secrets, too. */
export function listPaths(manifests: readonly Manifest[]): string[] {
	const texts = [
		JSON.stringify(manifests),
		...manifests.flatMap(listSecretTexts),
	];
	const found = texts.flatMap((text) =>
		[...text.matchAll(/(?:\/[\w.-]+)+/g)].map(([path]) => path),
	);
	return [...new Set(found)];
}

const plainData = z.looseObject({
	stringData: z.record(z.string(), z.string()).default({}),
});

/** What is in a Secret, decoded. */
export function listSecretTexts(manifest: Manifest): string[] {
	if (manifest.kind !== "Secret") return [];
	const encoded = secretObject.safeParse(manifest).data;
	const plain = plainData.safeParse(manifest).data;
	return [
		...Object.values(encoded ? decodeSecret(encoded) : {}).map(String),
		...Object.values(plain?.stringData ?? {}),
	];
}

/** The files from which the Alertmanagers in manifests read Slack's webhooks, or a bot's tokens. */
export function listSlackFiles(manifests: readonly Manifest[]): SlackFile[] {
	return manifests.flatMap((each) => slackFilesOf(each, manifests));
}

/** Those in the configuration of an Alertmanager. */
function slackFilesOf(
	manifest: Manifest,
	manifests: readonly Manifest[],
): SlackFile[] {
	if (manifest.kind !== "Alertmanager") return [];
	const { data } = operated.safeParse(manifest);
	const name =
		data?.spec.configSecret ?? `alertmanager-${manifest.metadata.name}`;
	return manifests
		.filter((each) => each.kind === "Secret" && each.metadata.name === name)
		.flatMap(listSecretTexts)
		.flatMap((text) => {
			try {
				return readSlackFiles(text);
			} catch {
				// Alertmanager refuses it, with its own message; or it is a template, or packed.
				return [];
			}
		});
}
