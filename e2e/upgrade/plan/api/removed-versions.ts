import { lt } from "semver";
import type { Manifest } from "../../../clients/kube-objects.ts";

/** API versions of built-in kinds: since when, and until when, Kubernetes serves them. */
const served: readonly {
	readonly version: string;
	readonly kinds?: readonly string[];
	readonly since?: string;
	readonly removed?: string;
}[] = [
	{ version: "extensions/v1beta1", kinds: ["Ingress"], removed: "1.22.0" },
	{ version: "extensions/v1beta1", removed: "1.16.0" },
	{ version: "apps/v1beta1", removed: "1.16.0" },
	{ version: "apps/v1beta2", removed: "1.16.0" },
	{ version: "networking.k8s.io/v1beta1", removed: "1.22.0" },
	{ version: "rbac.authorization.k8s.io/v1beta1", removed: "1.22.0" },
	{ version: "admissionregistration.k8s.io/v1beta1", removed: "1.22.0" },
	{ version: "apiextensions.k8s.io/v1beta1", removed: "1.22.0" },
	{ version: "apiregistration.k8s.io/v1beta1", removed: "1.22.0" },
	{ version: "coordination.k8s.io/v1beta1", removed: "1.22.0" },
	{ version: "scheduling.k8s.io/v1beta1", removed: "1.22.0" },
	{
		version: "storage.k8s.io/v1beta1",
		kinds: ["CSIStorageCapacity"],
		removed: "1.27.0",
	},
	{
		version: "storage.k8s.io/v1beta1",
		kinds: ["StorageClass"],
		removed: "1.22.0",
	},
	{ version: "policy/v1beta1", removed: "1.25.0" },
	{ version: "batch/v1beta1", removed: "1.25.0" },
	{ version: "discovery.k8s.io/v1beta1", removed: "1.25.0" },
	{ version: "events.k8s.io/v1beta1", removed: "1.25.0" },
	{ version: "node.k8s.io/v1beta1", removed: "1.25.0" },
	{ version: "autoscaling/v2beta1", removed: "1.25.0" },
	{ version: "autoscaling/v2beta2", removed: "1.26.0" },
	{ version: "flowcontrol.apiserver.k8s.io/v1beta1", removed: "1.26.0" },
	{ version: "flowcontrol.apiserver.k8s.io/v1beta2", removed: "1.29.0" },
	{ version: "flowcontrol.apiserver.k8s.io/v1beta3", removed: "1.32.0" },
	{ version: "networking.k8s.io/v1", kinds: ["Ingress"], since: "1.19.0" },
	{ version: "policy/v1", since: "1.21.0" },
	{ version: "batch/v1", kinds: ["CronJob"], since: "1.21.0" },
	{ version: "discovery.k8s.io/v1", since: "1.21.0" },
	{ version: "autoscaling/v2", since: "1.23.0" },
];

/** Why a version of Kubernetes does not serve an object's API version; undefined if it does. */
export function notServed(
	{ apiVersion, kind }: Manifest,
	cluster: string,
): string | undefined {
	const own = served.find(
		({ version, kinds }) =>
			version === apiVersion && (kinds?.includes(kind) ?? true),
	);
	if (own?.removed && !lt(cluster, own.removed))
		return `Kubernetes ${cluster} has no ${apiVersion} ${kind}: it was removed in ${own.removed}.`;
	if (own?.since && lt(cluster, own.since))
		return `Kubernetes ${cluster} has no ${apiVersion} ${kind} yet: it came with ${own.since}.`;
	return undefined;
}
