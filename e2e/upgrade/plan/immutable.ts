import { isEqual, omit } from "es-toolkit";
import { type Manifest, nameOf } from "../../clients/kube-objects.ts";
import { makeReason, type Reason } from "../reasons.ts";
import { at, show } from "./normal.ts";
import { objectKey, pairByKey, type Side } from "./side.ts";

/** Fields that the API server does not let change once the object exists, by kind. */
const immutable: Readonly<Record<string, readonly string[]>> = {
	Deployment: ["spec.selector"],
	DaemonSet: ["spec.selector"],
	StatefulSet: [
		"spec.selector",
		"spec.serviceName",
		"spec.podManagementPolicy",
		"spec.volumeClaimTemplates",
	],
	Job: ["spec.selector", "spec.template", "spec.completionMode"],
	RoleBinding: ["roleRef"],
	ClusterRoleBinding: ["roleRef"],
	StorageClass: [
		"provisioner",
		"parameters",
		"reclaimPolicy",
		"volumeBindingMode",
	],
	PersistentVolumeClaim: [
		"spec.storageClassName",
		"spec.accessModes",
		"spec.volumeName",
		"spec.volumeMode",
		"spec.selector",
	],
	Secret: ["type"],
};

/** Fields that change although the API server refuses that: the upgrade would fail half way. */
export function compareImmutable(a: Side, b: Side): Reason[] {
	return pairByKey(a.objects, b.objects, objectKey).both.flatMap(([old, now]) =>
		changes(old, now).map(([path, from, to]) =>
			makeReason(
				"immutable-field-changed",
				`${nameOf(now)} ${path}`,
				`${path} of ${nameOf(now)} cannot change, and the upgrade fails there.`,
				{ evidence: [`from ${show(from)}`, `to ${show(to)}`] },
			),
		),
	);
}

/** What the API server fills in where a field is absent. */
const filledIn: Readonly<Record<string, unknown>> = {
	"Secret type": "Opaque",
	"StatefulSet spec.podManagementPolicy": "OrderedReady",
	"PersistentVolumeClaim spec.volumeMode": "Filesystem",
	"StorageClass reclaimPolicy": "Delete",
	"StorageClass volumeBindingMode": "Immediate",
	"Job spec.completionMode": "NonIndexed",
};

function valueAt(object: Manifest, path: string): unknown {
	return at(object, path) ?? filledIn[`${object.kind} ${path}`];
}

/** A claim may grow, not shrink. */
function shrinks(old: Manifest, now: Manifest): boolean {
	const [from, to] = [old, now].map((each) =>
		quantity(String(at(each, "spec.resources.requests.storage") ?? "")),
	);
	return (to ?? 0) < (from ?? 0);
}

const units = ["", "K", "M", "G", "T", "P"];

/** Bytes of a quantity such as 8Gi. */
function quantity(text: string): number {
	const [, amount = "0", unit = "", binary] =
		/^([\d.]+)([KMGTP]?)(i?)$/i.exec(text) ?? [];
	return Number(amount) * (binary ? 1024 : 1000) ** units.indexOf(unit);
}

type Change = [path: string, from: unknown, to: unknown];

function changes(old: Manifest, now: Manifest): Change[] {
	const found = (immutable[now.kind] ?? []).map(
		(path): Change => [path, valueAt(old, path), valueAt(now, path)],
	);
	if (now.kind === "PersistentVolumeClaim" && shrinks(old, now)) {
		const path = "spec.resources.requests.storage";
		found.push([path, at(old, path), at(now, path)]);
	}
	if (now.kind === "Service") {
		// An address that the API server gave may stay; going to or from a headless service may not.
		const headless = (service: Manifest) =>
			at(service, "spec.clusterIP") === "None" ? "None" : "an address";
		if (at(now, "spec.type") !== "ExternalName")
			found.push(["spec.clusterIP", headless(old), headless(now)]);
	}
	if (
		["ConfigMap", "Secret"].includes(now.kind) &&
		at(old, "immutable") === true
	) {
		const content = (each: Manifest) => omit(each, ["metadata"]);
		if (!isEqual(content(old), content(now)))
			found.push(["data", "immutable: true", "other content"]);
	}
	return found.filter(([, from, to]) => !isEqual(from, to));
}
