import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import {
	isMap,
	listAt,
	mapsAt,
	stringAt,
	textsAt,
	type YamlMap,
} from "../../../common/parsing/yaml-map.ts";
import { listPaths } from "../secrets/contents.ts";

/** A reference to a ConfigMap, without which a pod does not start, or the operator refuses an object. */
export interface ConfigMapReference {
	readonly configMap: string;
	/** Undefined if it is taken as a whole. */
	readonly key: string | undefined;
	/** Whether the operator takes the key for a certificate, whatever its name is. */
	readonly isCertificate: boolean;
	/** The object that refers to it. */
	readonly by: { readonly kind: string; readonly name: string };
}

type Found = Omit<ConfigMapReference, "by">;

/** What other programs mean by the same words is theirs. */
const ofPods = /^(v1|apps\/v1|batch\/v1|monitoring\.coreos\.com\/\w+)$/;

/** The ConfigMaps that the pods of a namespace, and the operator's objects in it, cannot do without. */
export function listConfigMapReferences(
	manifests: readonly Manifest[],
	namespace: string,
): ConfigMapReference[] {
	const paths = listPaths(manifests);
	return manifests.filter(isOfPods(namespace)).flatMap((object) => {
		const by = { kind: object.kind, name: nameOf(object) };
		return below(object, "", { kind: object.kind, paths }).map((each) => ({
			...each,
			by,
		}));
	});
}

/** The volume claims that pods of a namespace have by name. */
export function listVolumeClaimReferences(
	manifests: readonly Manifest[],
	namespace: string,
): string[] {
	const find = (value: unknown): string[] => {
		if (Array.isArray(value)) return value.flatMap(find);
		if (!isMap(value)) return [];
		const name = stringAt(value, "persistentVolumeClaim", "claimName");
		return [...(name ? [name] : []), ...Object.values(value).flatMap(find)];
	};
	return manifests.filter(isOfPods(namespace)).flatMap(find);
}

function isOfPods(namespace: string) {
	return ({ apiVersion, metadata }: Manifest) =>
		ofPods.test(apiVersion) && (metadata.namespace ?? namespace) === namespace;
}

interface Surroundings {
	readonly kind: string;
	/** What looks like the path of a file, anywhere in the manifests. */
	readonly paths: readonly string[];
}

function below(value: unknown, field: string, around: Surroundings): Found[] {
	if (Array.isArray(value))
		return value.flatMap((each) => below(each, field, around));
	if (!isMap(value) || value.optional === true) return [];
	return [
		...here(value, field),
		...mounted(value, around),
		...Object.entries(value).flatMap(([key, each]) => below(each, key, around)),
	];
}

const refer = (
	configMap: string | undefined,
	key?: string,
	isCertificate = false,
): Found[] => (configMap ? [{ configMap, key, isCertificate }] : []);

/** The references that one map is or has. */
function here(value: YamlMap, field: string): Found[] {
	const name = stringAt(value, "name");
	const key = stringAt(value, "key");
	if (field === "configMapRef") return refer(name);
	if (field === "configMapKeyRef") return refer(name, key);
	// Of the operator's TLS settings.
	if (field === "ca" || field === "cert")
		return refer(
			stringAt(value, "configMap", "name"),
			stringAt(value, "configMap", "key"),
			true,
		);
	if (field !== "configMap") return [];
	// A volume, or a source of a projected one; or the operator's selector of a key.
	const keys = mapsAt(value, "items").flatMap(
		(each) => stringAt(each, "key") ?? [],
	);
	return keys.length > 0
		? keys.flatMap((each) => refer(name, each))
		: refer(name, key);
}

/** The references of a pod, or of one of the operator's objects, to ConfigMaps as folders and files. */
function mounted(spec: YamlMap, { kind, paths }: Surroundings): Found[] {
	const mounts = [
		spec,
		...mapsAt(spec, "containers"),
		...mapsAt(spec, "initContainers"),
	].flatMap((each) => mapsAt(each, "volumeMounts"));
	const ofVolumes = mapsAt(spec, "volumes").flatMap((volume) => {
		const { configMap } = volume;
		if (!isMap(configMap) || configMap.optional === true) return [];
		if (listAt(configMap, "items").length > 0) return [];
		const name = stringAt(configMap, "name");
		return mounts
			.filter((each) => each.name === volume.name)
			.flatMap((mount) => {
				const subPath = stringAt(mount, "subPath");
				if (subPath) return refer(name, subPath);
				return within(name, stringAt(mount, "mountPath"), paths);
			});
	});
	// The operator mounts each of them.
	const ofOperator = /^(Prometheus|Alertmanager|ThanosRuler)(Agent)?$/.test(
		kind,
	)
		? textsAt(spec, "configMaps").flatMap((name) => [
				...refer(name),
				...within(
					name,
					`/etc/${kind.toLowerCase().replace("agent", "")}/configmaps/${name}`,
					paths,
				),
			])
		: [];
	return [...ofVolumes, ...ofOperator];
}

/** What is read of a folder. */
function within(
	name: string | undefined,
	folder: string | undefined,
	paths: readonly string[],
): Found[] {
	if (!folder) return [];
	const start = `${folder.replace(/\/$/, "")}/`;
	return paths
		.filter((path) => path.startsWith(start))
		.flatMap((path) => refer(name, path.slice(start.length)));
}
