import { uniq } from "es-toolkit";
import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { listAt, textsAt } from "../../../common/parsing/yaml-map.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { dataOf } from "../charts/data.ts";
import { at, textAt } from "../charts/fields.ts";
import { operatorWorkloads } from "../charts/operator-kinds.ts";
import { objectsOf, type Side } from "../charts/side.ts";

/** What pods cannot start without, or what the operator cannot do without. */
export interface Reference {
	readonly kind: "ConfigMap" | "Secret" | "ServiceAccount";
	readonly name: string;
	/** An entry of it; empty for all. */
	readonly key: string;
}

/** ConfigMaps, Secrets and ServiceAccounts that are no longer there, although pods still refer to them. */
export function compareReferences(a: Side, b: Side): Reason[] {
	return objectsOf(
		b,
		"Deployment",
		"DaemonSet",
		"StatefulSet",
		...operatorWorkloads,
	).flatMap((workload) => {
		const { namespace } = workload.metadata;
		const lost = referencesOf(workload).filter(
			(each) =>
				hasReferenced(a, namespace, each) && !hasReferenced(b, namespace, each),
		);
		return uniq(lost.map(describe)).map((what) =>
			makeReason(
				"reference-gone",
				`${nameOf(workload)} ${what}`,
				`${nameOf(workload)} still refers to ${what}, which is not there any more: its pods do not start without it.`,
			),
		);
	});
}

function describe({ kind, name, key }: Reference): string {
	return key === "" ? `${kind} ${name}` : `${key} of ${kind} ${name}`;
}

/** Whether a side has an object of this name with this entry, or something that makes it. */
export function hasReferenced(
	{ objects, hooks, companions = [] }: Side,
	namespace: string | undefined,
	{ kind, name, key }: Reference,
): boolean {
	const own = [...objects, ...hooks, ...companions].filter(
		({ metadata }) => metadata.namespace === namespace,
	);
	const found = own.find(
		(each) => each.kind === kind && each.metadata.name === name,
	);
	if (found) return key === "" || dataOf(found).has(key);
	return kind === "Secret" && own.some((each) => makesSecret(each, name));
}

/** Whether something that is not of Kubernetes makes a Secret of this name, such as an ExternalSecret or a Certificate. */
function makesSecret(object: Manifest, name: string): boolean {
	const [group = ""] = object.apiVersion.split("/");
	return (
		group.includes(".") &&
		!/(\.k8s\.io|^monitoring\.coreos\.com)$/.test(group) &&
		(object.metadata.name === name ||
			JSON.stringify(object.spec ?? {}).includes(JSON.stringify(name)))
	);
}

function referencesOf(workload: Manifest): Reference[] {
	const isOfOperator = operatorWorkloads.includes(workload.kind);
	const spec = isOfOperator
		? workload.spec
		: at(workload, "spec.template.spec");
	const found: (Reference | undefined)[] = [
		...listAt(spec, "volumes").flatMap((volume) => [
			...sources(volume),
			...listAt(volume, "projected", "sources").flatMap(sources),
		]),
		...["initContainers", "containers"].flatMap((field) =>
			listAt(spec, field).flatMap(variables),
		),
		make("ServiceAccount", spec, "serviceAccountName"),
		...(isOfOperator ? ofOperator(spec) : []),
	];
	return found.filter((each) => each !== undefined);
}

/** A reference by the name at a path; undefined if there is none, or if pods start without it. */
function make(
	kind: Reference["kind"],
	value: unknown,
	path: string,
	key = "",
): Reference | undefined {
	const name = textAt(value, path);
	return name === "" || at(value, "optional") === true
		? undefined
		: { kind, name, key };
}

function sources(volume: unknown): (Reference | undefined)[] {
	return [
		make("ConfigMap", at(volume, "configMap"), "name"),
		make("Secret", at(volume, "secret"), "secretName"),
		// In a projected volume.
		make("Secret", at(volume, "secret"), "name"),
	];
}

function variables(container: unknown): (Reference | undefined)[] {
	return [
		...listAt(container, "envFrom").flatMap((each) => [
			make("ConfigMap", at(each, "configMapRef"), "name"),
			make("Secret", at(each, "secretRef"), "name"),
		]),
		...listAt(container, "env").flatMap((each) =>
			(
				[
					["ConfigMap", "valueFrom.configMapKeyRef"],
					["Secret", "valueFrom.secretKeyRef"],
				] as const
			).map(([kind, path]) => {
				const from = at(each, path);
				return make(kind, from, "name", textAt(from, "key"));
			}),
		),
	];
}

/** What the operator mounts, or gives to its pods. */
function ofOperator(spec: unknown): (Reference | undefined)[] {
	const bucket = at(spec, "thanos.objectStorageConfig");
	return [
		...textsAt(spec, "secrets").map(
			(name): Reference => ({ kind: "Secret", name, key: "" }),
		),
		...textsAt(spec, "configMaps").map(
			(name): Reference => ({ kind: "ConfigMap", name, key: "" }),
		),
		make("Secret", bucket, "name", textAt(bucket, "key")),
	];
}
