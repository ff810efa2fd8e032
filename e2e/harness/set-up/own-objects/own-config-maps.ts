import { groupBy, memoize, uniq } from "es-toolkit";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { slackAuthority } from "../../chart/computed/slack-trust.ts";
import { makeSelfSigned } from "../self-signed.ts";
import {
	type ConfigMapReference,
	listConfigMapReferences,
	listVolumeClaimReferences,
} from "./config-map-references.ts";
import type { StandInObjects } from "./own-classes.ts";

/** Kubernetes, the operator and set-up make them. */
const madeAnyway = (name: string) =>
	name === "kube-root-ca.crt" ||
	name === slackAuthority ||
	/-rulefiles-\d+$/.test(name);

/** What a key can have, so that whoever reads it goes on. */
type Content =
	| "a certificate"
	| "a dashboard without panels"
	| "an empty list"
	| "nothing";

/**
 * The ConfigMaps that manifests refer to and that nobody makes: at home a person or another program does. Without them
 * pods would never start.
 *
 * @param given what else the cluster gets
 */
export async function makeOwnConfigMaps(
	manifests: readonly Manifest[],
	given: readonly Manifest[],
	namespace: string,
): Promise<StandInObjects> {
	const made = listMade([...manifests, ...given], "ConfigMap", namespace);
	const missing = listConfigMapReferences(manifests, namespace).filter(
		({ configMap }) => !made.has(configMap) && !madeAnyway(configMap),
	);
	const own = Object.entries(
		groupBy(missing, ({ configMap }) => configMap),
	).map(([name, found]) => ({ name, keys: contentsOf(found) }));
	const contents = own.flatMap(({ keys }) => Object.values(keys));
	const certificate = contents.includes("a certificate")
		? await makeCertificate()
		: "";
	return {
		objects: own.map(({ name, keys }) => ({
			apiVersion: "v1",
			kind: "ConfigMap",
			metadata: { name, namespace },
			data: Object.fromEntries(
				Object.entries(keys).map(([key, content]) => [
					key,
					write(key, content, certificate),
				]),
			),
		})),
		sentences: own.map(({ name, keys }) => {
			const parts = Object.entries(keys).map(
				([key, content]) => `${content} as ${key}`,
			);
			return `ConfigMap ${name}, which the values refer to: the test makes it, ${parts.length > 0 ? `with ${parts.join(", ")}` : "empty"}`;
		}),
	};
}

/** One for the whole run: what reads it would otherwise be reloaded by each upgrade. */
const makeCertificate = memoize(async () => {
	const { cert } = await makeSelfSigned(["ca.o11y-e2e.invalid"]);
	return cert;
});

function contentsOf(found: readonly ConfigMapReference[]) {
	const contents: Record<string, Content> = {};
	for (const { key, isCertificate, by } of found) {
		// A folder below, or a word that only looks like a path.
		if (key === undefined || !/^\.?\w([\w.-]*\w)?$/.test(key)) continue;
		const content = isCertificate ? "a certificate" : contentOf(key, by.kind);
		if (contents[key] !== "a certificate") contents[key] = content;
	}
	return contents;
}

function contentOf(key: string, kind: string): Content {
	if (
		/\.(crt|cer|cert|pem)$/i.test(key) ||
		/^(root-?)?ca(-?bundle)?$/i.test(key)
	)
		return "a certificate";
	if (!key.endsWith(".json")) return "nothing";
	// Of Prometheus' files in JSON, each is a list of targets.
	return kind === "Prometheus" ? "an empty list" : "a dashboard without panels";
}

function write(key: string, content: Content, certificate: string): string {
	switch (content) {
		case "a certificate":
			return certificate;
		case "a dashboard without panels":
			return JSON.stringify({ title: key.replace(/\.json$/, ""), panels: [] });
		case "an empty list":
			return "[]";
		case "nothing":
			return "";
	}
}

/**
 * The volume claims that pods have by name and that nobody makes.
 *
 * @param storageClass of the StorageClass that every run has
 */
export function makeOwnVolumeClaims(
	manifests: readonly Manifest[],
	given: readonly Manifest[],
	namespace: string,
	storageClass: string,
): StandInObjects {
	const made = listMade(
		[...manifests, ...given],
		"PersistentVolumeClaim",
		namespace,
	);
	const sets = manifests.flatMap(listSets);
	const names = uniq(listVolumeClaimReferences(manifests, namespace)).filter(
		(name) =>
			!made.has(name) && !sets.some((each) => name.includes(`-${each}-`)),
	);
	return {
		objects: names.map((name) => ({
			apiVersion: "v1",
			kind: "PersistentVolumeClaim",
			metadata: { name, namespace },
			spec: {
				storageClassName: storageClass,
				accessModes: ["ReadWriteOnce"],
				resources: { requests: { storage: size } },
			},
		})),
		sentences: names.map(
			(name) =>
				`PersistentVolumeClaim ${name}, which the values refer to: the test makes it, with ${size} of StorageClass ${storageClass}`,
		),
	};
}

/** As Grafana's volume in the homelab. */
const size = "2Gi";

/** The StatefulSet that a manifest is or that the operator makes of it, which makes its volume claims itself. */
function listSets({ kind, metadata: { name } }: Manifest): string[] {
	if (kind === "StatefulSet") return [name];
	return /^(Prometheus|Alertmanager)$/.test(kind)
		? [`${kind.toLowerCase()}-${name}`]
		: [];
}

function listMade(
	manifests: readonly Manifest[],
	wanted: string,
	namespace: string,
): Set<string> {
	return new Set(
		manifests.flatMap(({ kind, metadata }) =>
			kind === wanted && (metadata.namespace ?? namespace) === namespace
				? [metadata.name]
				: [],
		),
	);
}
