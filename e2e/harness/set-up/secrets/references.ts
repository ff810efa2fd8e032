import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";

/** A reference to a Secret, without which a pod does not start, or the operator refuses an object. */
export interface SecretReference {
	readonly secret: string;
	/** Undefined if the Secret is taken as a whole. */
	readonly key: string | undefined;
	/** The name of the field with the reference, e.g. `additionalScrapeConfigs`. */
	readonly field: string;
	/** The object that refers to it, as `nameOf` names it. */
	readonly by: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** The Secrets that the objects of a namespace cannot do without. */
export function listSecretReferences(
	manifests: readonly Manifest[],
	namespace: string,
): SecretReference[] {
	return manifests
		.filter(
			({ kind, metadata }) =>
				kind !== "CustomResourceDefinition" &&
				(metadata.namespace ?? namespace) === namespace,
		)
		.flatMap((object) => {
			const by = nameOf(object);
			return below(object, "").map((each) => ({ ...each, by }));
		});
}

type Found = Omit<SecretReference, "by">;

function below(value: unknown, field: string): Found[] {
	if (Array.isArray(value)) return value.flatMap((each) => below(each, field));
	if (!isFields(value)) return [];
	if (value.optional === true) return [];
	return [
		...here(value, field),
		...Object.entries(value).flatMap(([key, each]) => below(each, key)),
	];
}

/** The references that one map is or has. */
function here(value: Fields, field: string): Found[] {
	const { secretName, name, key, items, secrets, configSecret } = value;
	const refer = (secret: unknown, of?: unknown, by = field): Found[] =>
		typeof secret === "string" && secret !== ""
			? [{ secret, key: typeof of === "string" ? of : undefined, field: by }]
			: [];
	// A volume, or a source of a projected one.
	if (field === "secret" && (secretName ?? name) && typeof key !== "string") {
		const secret = secretName ?? name;
		const keys = Array.isArray(items) ? items.filter(isFields) : [];
		return keys.length > 0
			? keys.flatMap((each) => refer(secret, each.key))
			: refer(secret);
	}
	if (field === "secretRef") return refer(name);
	// secretKeyRef, and the operator's selectors of a Secret's key.
	if (isKeySelector(value) && !/^configMap/i.test(field))
		return refer(name, key);
	if (field !== "spec") return [];
	return [
		// The operator mounts each of them.
		...(Array.isArray(secrets)
			? secrets.flatMap((each) => refer(each, undefined, "secrets"))
			: []),
		...refer(configSecret, "alertmanager.yaml", "configSecret"),
	];
}

/** Whether it selects one key of an object, as `secretKeyRef` and the operator's fields do. */
export function isKeySelector(
	value: Fields,
): value is { name: string; key: string; optional?: unknown } {
	const { name, key, optional: _, ...others } = value;
	return (
		typeof name === "string" &&
		typeof key === "string" &&
		Object.keys(others).length === 0
	);
}

function isFields(value: unknown): value is Fields {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
