import { isEqual, omit } from "es-toolkit";
import { type Manifest, nameOf } from "../../clients/kube-objects.ts";
import { makeReason, type Reason } from "../reasons.ts";
import { at, show, withoutVersions } from "./normal.ts";
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
		changes(withoutVersions(old), withoutVersions(now)).map(
			([path, from, to]) =>
				makeReason(
					"immutable-field-changed",
					`${nameOf(now)} ${path}`,
					`${path} of ${nameOf(now)} cannot change, and the upgrade fails there.`,
					{ evidence: [`from ${show(from)}`, `to ${show(to)}`] },
				),
		),
	);
}

type Change = [path: string, from: unknown, to: unknown];

function changes(old: Manifest, now: Manifest): Change[] {
	const found = (immutable[now.kind] ?? []).map(
		(path): Change => [path, at(old, path), at(now, path)],
	);
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
