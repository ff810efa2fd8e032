import { isPlainObject } from "es-toolkit";
import { stringify } from "yaml";
import {
	type Manifest,
	makeSecret,
	parseManifests,
} from "../../clients/kube-objects.ts";
import type { ThanosStore } from "../../harness/set-up/object-store-objects.ts";
import { makeObjectStoreConfig } from "../../harness/set-up/object-store-objects.ts";
import { dataOf } from "../plan/charts/data.ts";
import { at } from "../plan/charts/fields.ts";

/** What the charts refer to and neither contain nor find in the test's cluster, made up for the test. */
export interface MadeUp {
	readonly objects: readonly Manifest[];
	/** Only their labels; the nodes themselves exist. */
	readonly nodes: readonly Manifest[];
	/** A sentence each. */
	readonly announcements: readonly string[];
}

/** What `makeUp` needs of the prepared cluster. */
export interface MadeUpFrom {
	readonly namespace: string;
	readonly charts: readonly { readonly manifests: string }[];
	readonly objectStore: ThanosStore;
	readonly slackWebhookUrl: string;
}

/** What every run has anyway. */
const given = {
	secrets: ["thanos-objstore", "alertmanager-slack", "grafana-admin"],
	storageClasses: ["longhorn"],
};

/** Makes up node labels, StorageClasses and Secrets that a person's own values refer to. */
export function makeUp(prepared: MadeUpFrom): MadeUp {
	const objects = prepared.charts.flatMap(({ manifests }) =>
		parseManifests(manifests),
	);
	const nodes = makeUpNodeLabels(objects);
	const parts = [
		makeUpStorageClasses(objects),
		makeUpSecrets(objects, prepared),
	];
	return {
		objects: parts.flatMap((each) => each.objects),
		nodes: nodes.objects,
		announcements: [nodes, ...parts].flatMap((each) => each.announcements),
	};
}

type Part = Omit<MadeUp, "nodes">;

const tier = "o11y.ruiz.sh/tier";

function makeUpNodeLabels(objects: readonly Manifest[]): Part {
	const labels = new Map<string, Record<string, string>>();
	for (const object of objects) {
		const selector =
			at(object, "spec.template.spec.nodeSelector") ??
			at(object, "spec.nodeSelector");
		if (!isPlainObject(selector)) continue;
		const wanted = Object.entries(selector).filter(
			([key]) => key !== tier && !key.startsWith("kubernetes.io/"),
		);
		if (wanted.length === 0) continue;
		// A selector that also names a tier gets its labels on that node.
		const node =
			String(selector[tier] ?? "") ||
			(object.kind === "Prometheus" ? "large" : "medium");
		const own = labels.get(node) ?? {};
		labels.set(node, {
			...own,
			...Object.fromEntries(wanted.map(([key, value]) => [key, String(value)])),
		});
	}
	return {
		objects: [...labels].map(([name, own]) => ({
			apiVersion: "v1",
			kind: "Node",
			metadata: { name, labels: own },
		})),
		announcements: [...labels].map(
			([name, own]) =>
				`node ${name} has the labels ${Object.entries(own)
					.map(([key, value]) => `${key}=${value}`)
					.join(", ")}, which a nodeSelector asks for`,
		),
	};
}

function makeUpStorageClasses(objects: readonly Manifest[]): Part {
	const own = objects
		.filter(({ kind }) => kind === "StorageClass")
		.map(({ metadata }) => metadata.name);
	const names = new Set(
		objects.flatMap((object) => find(object, "storageClassName")),
	);
	const missing = [...names].filter(
		(name) => name && ![...own, ...given.storageClasses].includes(name),
	);
	return {
		objects: missing.map((name) => ({
			apiVersion: "storage.k8s.io/v1",
			kind: "StorageClass",
			metadata: { name },
			provisioner: "rancher.io/local-path",
			volumeBindingMode: "WaitForFirstConsumer",
			allowVolumeExpansion: true,
		})),
		announcements: missing.map(
			(name) =>
				`StorageClass ${name} is made up; its volumes are folders of the node`,
		),
	};
}

/** Every text under a key, at any depth. */
function find(value: unknown, key: string): string[] {
	if (Array.isArray(value)) return value.flatMap((each) => find(each, key));
	if (!isPlainObject(value)) return [];
	return Object.entries(value).flatMap(([name, each]) =>
		name === key && typeof each === "string" ? [each] : find(each, key),
	);
}

function makeUpSecrets(
	objects: readonly Manifest[],
	{ namespace, objectStore, slackWebhookUrl }: MadeUpFrom,
): Part {
	const own = new Set(
		objects
			.filter(({ kind }) => kind === "Secret")
			.map(({ metadata }) => metadata.name),
	);
	const wanted = new Map<string, Map<string, string>>();
	const want = (name: string, key: string, content = "made-up") => {
		if (own.has(name) || given.secrets.includes(name)) return;
		const keys = wanted.get(name) ?? new Map<string, string>();
		if (key && (!keys.has(key) || content !== "made-up"))
			keys.set(key, content);
		wanted.set(name, keys);
	};
	const webhooks = objects.flatMap((each) => webhookFiles(each));
	for (const object of objects) {
		for (const { name, key, role } of secretRefs(object))
			want(
				name,
				key,
				/^additional/.test(role)
					? "[]"
					: role === "objectStorageConfig"
						? makeObjectStoreConfig(objectStore)
						: undefined,
			);
		const own = at(object, "spec.configSecret");
		if (object.kind === "Alertmanager" && typeof own === "string")
			want(
				own,
				"alertmanager.yaml",
				stringify({
					route: { receiver: "null" },
					receivers: [{ name: "null" }],
				}),
			);
		const mounted = at(object, "spec.secrets");
		if (["Alertmanager", "Prometheus"].includes(object.kind))
			for (const name of Array.isArray(mounted) ? mounted : [])
				want(String(name), "");
	}
	for (const { secret, key } of webhooks) want(secret, key, slackWebhookUrl);
	return {
		objects: [...wanted].map(([name, keys]) =>
			makeSecret(namespace, name, Object.fromEntries(keys)),
		),
		announcements: [...wanted].map(
			([name, keys]) =>
				`Secret ${name} is made up${keys.size > 0 ? ` with ${[...keys.keys()].join(", ")}` : ""}`,
		),
	};
}

interface SecretRef {
	readonly name: string;
	readonly key: string;
	/** The field that holds the reference. */
	readonly role: string;
}

/** References to Secrets: `{name, key}` under any field, except those of ConfigMaps, and mounted Secrets. */
function secretRefs(value: unknown, role = ""): SecretRef[] {
	if (Array.isArray(value))
		return value.flatMap((each) => secretRefs(each, role));
	if (!isPlainObject(value)) return [];
	const { name, key, secretName, optional } = value;
	if (optional === true) return [];
	if (
		typeof name === "string" &&
		typeof key === "string" &&
		!/configmap/i.test(role) &&
		Object.keys(value).every((each) =>
			["name", "key", "optional"].includes(each),
		)
	)
		return [{ name, key, role }];
	if (typeof secretName === "string")
		return [{ name: secretName, key: "", role }];
	return Object.entries(value).flatMap(([field, each]) =>
		secretRefs(each, field),
	);
}

/** Files of mounted Secrets from which Alertmanager reads the address of a webhook. */
export function webhookFiles(
	object: Manifest,
): { secret: string; key: string }[] {
	if (object.kind !== "Secret") return [];
	const text = dataOf(object).get("alertmanager.yaml") ?? "";
	return [
		...text.matchAll(/\/etc\/alertmanager\/secrets\/([^/\s"']+)\/([^\s"']+)/g),
	].map(([, secret = "", key = ""]) => ({ secret, key }));
}
