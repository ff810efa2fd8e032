import { isEqual, omit } from "es-toolkit";
import diff from "microdiff";
import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { makeReason, type Reason, type ReasonId } from "../../reasons.ts";
import { dataOf } from "../charts/data.ts";
import { asObject } from "../charts/fields.ts";
import { pairByKey } from "../charts/pairs.ts";
import { objectKey, type Side } from "../charts/side.ts";
import { withoutVersions } from "../charts/version-labels.ts";
import { isDashboard } from "../grafana/dashboard-content.ts";

/** What others reach the stack by, and what protects it. */
const reliedOn = new Set([
	"Service",
	"Ingress",
	"HTTPRoute",
	"NetworkPolicy",
	"PodDisruptionBudget",
	"PersistentVolumeClaim",
	"MutatingWebhookConfiguration",
	"ValidatingWebhookConfiguration",
	"AlertmanagerConfig",
]);
const configurations = new Set(["ConfigMap", "Secret"]);
const replaced = new Set(["Deployment", "DaemonSet", "StatefulSet"]);

/** routing.ts compares it. */
const alertmanagerFile = "alertmanager.yaml";

/** Changes of objects that no other comparison looks at. */
export function compareContents(a: Side, b: Side): Reason[] {
	return pairByKey(a.objects, b.objects, objectKey).both.flatMap(
		([before, after]) => {
			const old = withoutVersions(before);
			const now = withoutVersions(after);
			if (reliedOn.has(now.kind))
				return compareObject("object-changed", old, now);
			if (replaced.has(now.kind))
				return compareObject(
					"rollout-changed",
					withoutPods(old),
					withoutPods(now),
				);
			if (configurations.has(now.kind) && !isDashboard(now))
				return compareData(old, now, b);
			return [];
		},
	);
}

function compareObject(id: ReasonId, old: Manifest, now: Manifest): Reason[] {
	const content = (each: Manifest) => omit(each, ["metadata", "status"]);
	const changed = diff(content(old), content(now)).map(({ path }) =>
		path.join("."),
	);
	return changed.length === 0
		? []
		: [
				makeReason(id, nameOf(now), `${nameOf(now)} changes.`, {
					evidence: changed,
				}),
			];
}

/** A workload without its pod template and without immutable fields. */
function withoutPods(object: Manifest): Manifest {
	const { spec } = object;
	return typeof spec === "object" && spec !== null
		? {
				...object,
				spec: omit(asObject(spec), [
					"template",
					"selector",
					"volumeClaimTemplates",
					"serviceName",
					"podManagementPolicy",
				]),
			}
		: object;
}

/** Reports only the names of entries: their content may be secret. */
function compareData(old: Manifest, now: Manifest, b: Side): Reason[] {
	if (b.unstable.has(objectKey(now))) return [];
	const before = dataOf(old);
	const after = dataOf(now);
	const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
		(key) =>
			key !== alertmanagerFile && !isEqual(before.get(key), after.get(key)),
	);
	return changed.length === 0
		? []
		: [
				makeReason(
					"configuration-changed",
					nameOf(now),
					`The content of ${nameOf(now)} changes.`,
					{ evidence: changed },
				),
			];
}
