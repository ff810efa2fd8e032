import { isPlainObject } from "es-toolkit";
import { type Manifest, parseManifests } from "../../clients/kube-objects.ts";
import { at } from "../plan/charts/fields.ts";

/** What the charts refer to and neither contain nor find in the test's cluster, made up for the test. */
export interface MadeUp {
	readonly objects: readonly Manifest[];
	/** Only their labels; the nodes themselves exist. */
	readonly nodes: readonly Manifest[];
	/** A sentence each. */
	readonly announcements: readonly string[];
}

/** What every run has anyway. */
const givenClass = "longhorn";

/** Makes up node labels and StorageClasses that a person's own values refer to. Set-up makes their Secrets. */
export function makeUp(
	charts: readonly { readonly manifests: string }[],
): MadeUp {
	const objects = charts.flatMap(({ manifests }) => parseManifests(manifests));
	const nodes = makeUpNodeLabels(objects);
	const classes = makeUpStorageClasses(objects);
	return {
		objects: classes.objects,
		nodes: nodes.objects,
		announcements: [...nodes.announcements, ...classes.announcements],
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
		(name) => name && ![...own, givenClass].includes(name),
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
