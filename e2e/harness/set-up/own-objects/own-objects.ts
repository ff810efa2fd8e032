import { readFile } from "node:fs/promises";
import { parseManifests } from "../../../clients/api-server/manifests.ts";
import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import type { KubeClient } from "../../../clients/kubernetes.ts";
import { SetUpError } from "../../../common/errors.ts";
import { projectPath } from "../../../common/paths.ts";
import { makeForeignKinds } from "./foreign-kinds.ts";
import { makeOwnClasses } from "./own-classes.ts";
import { makeOwnConfigMaps, makeOwnVolumeClaims } from "./own-config-maps.ts";
import { makeOwnNamespaces } from "./own-namespaces.ts";

/** What a homelab's cluster has of its own, and values count on; made for the test. */
export interface OwnObjects {
	/** CRDs, namespaces, StorageClasses, PriorityClasses, ConfigMaps and volume claims. */
	readonly objects: readonly Manifest[];
	/** What stands in for what, for the report. */
	readonly sentences: readonly string[];
}

/** What is installed, and with what. */
export interface InstalledManifests {
	/** What Helm renders of the chart that is installed first. */
	readonly installed: readonly Manifest[];
	/** The same of charts that it is upgraded to. */
	readonly later?: readonly Manifest[];
	/** What the cluster gets anyway: CRDs, and addons with their namespaces. */
	readonly given: readonly Manifest[];
	/** The stack's namespace. */
	readonly namespace: string;
}

export async function makeOwnObjects({
	installed,
	later = [],
	given,
	namespace,
}: InstalledManifests): Promise<OwnObjects> {
	const all = [...installed, ...later];
	const storageClass = await readStorageClass();
	const classes = makeOwnClasses(all, storageClass);
	// A kind of the operator's that only the new chart has is something that an upgrade has to find.
	const foreign = later.filter(
		({ apiVersion }) => !apiVersion.startsWith("monitoring.coreos.com/"),
	);
	const kinds = makeForeignKinds([...installed, ...foreign], given);
	const namespaces = makeOwnNamespaces(all, given, namespace);
	const { name } = storageClass.metadata;
	const claims = makeOwnVolumeClaims(all, given, namespace, name);
	const configMaps = await makeOwnConfigMaps(all, given, namespace);
	const inNamespace = [...claims.objects, ...configMaps.objects];
	return {
		objects: [
			...kinds.objects,
			...namespaces.objects,
			...classes.objects,
			// Set-up makes the namespace at the same time.
			...(inNamespace.length > 0
				? [
						{
							apiVersion: "v1",
							kind: "Namespace",
							metadata: { name: namespace },
						},
					]
				: []),
			...inNamespace,
		],
		sentences: [
			...classes.sentences,
			...kinds.sentences,
			...namespaces.sentences,
			...claims.sentences,
			...configMaps.sentences,
		],
	};
}

/** Applies them to a cluster that is in use. */
export async function applyOwnObjects(
	kube: KubeClient,
	objects: readonly Manifest[],
): Promise<void> {
	const found = await Promise.all(
		["Namespace", "ConfigMap", "PersistentVolumeClaim"].map((kind) =>
			kube.list({ apiVersion: "v1", kind }),
		),
	);
	const existing = new Set(found.flat().map(nameOf));
	// A namespace that is there may have labels, which this would take from it; a ConfigMap or volume claim that is there may have somebody's content.
	await kube.apply(objects.filter((each) => !existing.has(nameOf(each))));
}

async function readStorageClass(): Promise<Manifest> {
	const text = await readFile(projectPath("stack/manifests/storage.yaml"));
	const found = parseManifests(text.toString()).find(
		({ kind }) => kind === "StorageClass",
	);
	if (!found)
		throw new SetUpError("stack/manifests/storage.yaml has no StorageClass");
	return found;
}
