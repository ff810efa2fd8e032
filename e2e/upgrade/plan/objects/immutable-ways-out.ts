import { requestedStorage } from "./volume-claims.ts";

const remakes =
	"The upgrade fails halfway. Keep the old value, or delete the object right before the upgrade, which makes it anew";

const pods = `${remakes}: its pods are away until then, its volume claims stay. Do not delete it with --cascade=orphan: the old pods would run beside the new ones, on the same volume or port.`;

/** Deleting a volume claim deletes what is in it, so it is never the way out. */
const copy =
	"or make a new claim under another name, copy the data, and have the pods mount that one (of Grafana: grafana.persistence.existingClaim). Do not delete this claim before: its data goes with it.";

/** By kind, or by kind and field; a kind that is not here has the way out of the reason. */
const waysOut: Readonly<Record<string, string>> = {
	Deployment: pods,
	DaemonSet: pods,
	StatefulSet: `${remakes}: kubectl delete --cascade=orphan keeps its pods and volume claims, and the new object takes them over.`,
	"StatefulSet spec.selector": `${remakes}: its pods are away until then, its volume claims stay, unless its persistentVolumeClaimRetentionPolicy says Delete.`,
	Job: `${remakes}: the job runs again.`,
	Service: `${remakes}: whoever uses its address gets no answer until then, and an address or port that was assigned to it is another one afterwards.`,
	PersistentVolumeClaim: `The upgrade fails halfway. Keep what it was, ${copy}`,
	[`PersistentVolumeClaim ${requestedStorage}`]: `The upgrade fails halfway: a claim can only become larger. Keep the old size, ${copy}`,
	PersistentVolume:
		"The upgrade fails halfway. Keep what it was, or make a volume under another name and copy the data. Do not delete this one before you know that its reclaim policy is Retain.",
	ConfigMap: `${remakes}: pods that start until then wait for it.`,
	Secret: `${remakes}: pods that start until then wait for it.`,
	RoleBinding: `${remakes}: whom it binds has no permissions until then.`,
	ClusterRoleBinding: `${remakes}: whom it binds has no permissions until then.`,
	StorageClass: `${remakes}: volumes that it has made stay as they are.`,
};

/** What to do about a field that cannot be changed; undefined if the kind has no way out of its own. */
export function wayOutOfImmutable(
	kind: string,
	path: string,
): string | undefined {
	return waysOut[`${kind} ${path}`] ?? waysOut[kind];
}
