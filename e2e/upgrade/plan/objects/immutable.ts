import { isIP } from "node:net";
import { isEqual, omit } from "es-toolkit";
import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { at, show, textAt } from "../charts/fields.ts";
import { pairByKey } from "../charts/pairs.ts";
import { objectKey, type Side } from "../charts/side.ts";
import { wayOutOfImmutable } from "./immutable-ways-out.ts";
import { requestedStorage, shrinks } from "./volume-claims.ts";

const volumeSources = [
	"nfs",
	"hostPath",
	"local",
	"csi",
	"iscsi",
	"cephfs",
	"rbd",
	"nodeAffinity",
];

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
	Job: [
		"spec.selector",
		"spec.template",
		"spec.completionMode",
		"spec.podFailurePolicy",
		"spec.backoffLimitPerIndex",
	],
	PersistentVolume: volumeSources.map((source) => `spec.${source}`),
	PriorityClass: ["value", "preemptionPolicy"],
	IngressClass: ["spec.controller"],
	RuntimeClass: ["handler"],
	EndpointSlice: ["addressType"],
	ControllerRevision: ["data"],
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
		"spec.dataSource",
		"spec.dataSourceRef",
	],
	Secret: ["type"],
};

/** Fields that change although the API server refuses the change: the upgrade would fail halfway. */
export function compareImmutable(a: Side, b: Side): Reason[] {
	return pairByKey(a.objects, b.objects, objectKey).both.flatMap(([old, now]) =>
		changes(old, now).map(([path, from, to]) => {
			const wayOut = wayOutOfImmutable(now.kind, path);
			return makeReason(
				"immutable-field-changed",
				`${nameOf(now)} ${path}`,
				`${path} of ${nameOf(now)} cannot be changed: the upgrade fails there.`,
				{
					evidence: [`from ${show(from)}`, `to ${show(to)}`],
					...(wayOut && { wayOut }),
				},
			);
		}),
	);
}

/** Whether a path of an object is part of a field that the API server refuses to change here. */
export function isRefusedChange(
	old: Manifest,
	now: Manifest,
): (path: string) => boolean {
	const refused = changes(old, now).map(([path]) => path);
	return (path) =>
		refused.some(
			(each) =>
				path.startsWith(each) && /^($|[.[])/.test(path.slice(each.length)),
		);
}

/** What the API server fills in for an absent field. */
const filledIn: Readonly<Record<string, unknown>> = {
	"Secret type": "Opaque",
	"StatefulSet spec.podManagementPolicy": "OrderedReady",
	"PersistentVolumeClaim spec.volumeMode": "Filesystem",
	"PriorityClass preemptionPolicy": "PreemptLowerPriority",
	"StorageClass reclaimPolicy": "Delete",
	"StorageClass volumeBindingMode": "Immediate",
	"Job spec.completionMode": "NonIndexed",
};

function valueAt(object: Manifest, path: string): unknown {
	return at(object, path) ?? filledIn[`${object.kind} ${path}`];
}

type Change = [path: string, from: unknown, to: unknown];

function changes(old: Manifest, now: Manifest): Change[] {
	const found = (immutable[now.kind] ?? []).map(
		(path): Change => [path, valueAt(old, path), valueAt(now, path)],
	);
	if (now.kind === "PersistentVolumeClaim" && shrinks(old, now)) {
		found.push([
			requestedStorage,
			at(old, requestedStorage),
			at(now, requestedStorage),
		]);
	}
	if (now.kind === "Service") {
		// An address that the API server assigned stays as it is; a Service cannot become headless, or stop being headless.
		const headless = (service: Manifest) =>
			at(service, "spec.clusterIP") === "None" ? "None" : "an address";
		if (at(now, "spec.type") !== "ExternalName")
			found.push(["spec.clusterIP", headless(old), headless(now)]);
		const addresses = [old, now].map((each) => textAt(each, "spec.clusterIP"));
		if (addresses.every((each) => isIP(each) > 0))
			found.push(["spec.clusterIP", addresses[0], addresses[1]]);
	}
	// Only an indexed Job may change how often it runs, together with how many run at once.
	if (now.kind === "Job" && at(now, "spec.completionMode") !== "Indexed")
		found.push([
			"spec.completions",
			at(old, "spec.completions") ?? 1,
			at(now, "spec.completions") ?? 1,
		]);
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
