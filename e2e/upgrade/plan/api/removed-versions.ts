import { memoize } from "es-toolkit";
import { lt, minor } from "semver";
import {
	builtInGroups,
	builtInKinds,
} from "../../../clients/api-server/built-in-kinds.ts";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { newestRelease } from "./newer-fields.ts";

interface Served {
	/** Separated by spaces; all of the version, if it names none. */
	readonly kinds?: string;
	/** Since this minor release of Kubernetes 1. */
	readonly since?: number;
	/** Until before this one. */
	readonly removed?: number;
}

/** API versions of built-in kinds, with the releases that serve them: https://kubernetes.io/docs/reference/using-api/deprecation-guide/ */
const served: Readonly<Record<string, readonly Served[]>> = {
	"extensions/v1beta1": [{ kinds: "Ingress", removed: 22 }, { removed: 16 }],
	"apps/v1beta1": [{ removed: 16 }],
	"apps/v1beta2": [{ removed: 16 }],
	"networking.k8s.io/v1beta1": [
		{ kinds: "Ingress IngressClass", removed: 22 },
		{ kinds: "IPAddress ServiceCIDR", since: 31 },
	],
	"rbac.authorization.k8s.io/v1beta1": [{ removed: 22 }],
	"rbac.authorization.k8s.io/v1alpha1": [{ removed: 23 }],
	"admissionregistration.k8s.io/v1beta1": [
		{
			kinds: "ValidatingWebhookConfiguration MutatingWebhookConfiguration",
			removed: 22,
		},
		{
			kinds: "ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding",
			since: 28,
			removed: 34,
		},
		{
			kinds: "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding",
			since: 34,
		},
	],
	"apiextensions.k8s.io/v1beta1": [{ removed: 22 }],
	"apiregistration.k8s.io/v1beta1": [{ removed: 22 }],
	"authentication.k8s.io/v1beta1": [
		{ kinds: "TokenReview", removed: 22 },
		{ kinds: "SelfSubjectReview", since: 27 },
	],
	"authorization.k8s.io/v1beta1": [{ removed: 22 }],
	"certificates.k8s.io/v1beta1": [
		{ kinds: "CertificateSigningRequest", removed: 22 },
		{ kinds: "ClusterTrustBundle", since: 33 },
		{ kinds: "PodCertificateRequest", since: 35 },
	],
	"coordination.k8s.io/v1beta1": [
		{ kinds: "Lease", removed: 22 },
		{ kinds: "LeaseCandidate", since: 33 },
	],
	"scheduling.k8s.io/v1beta1": [{ removed: 22 }],
	"storage.k8s.io/v1beta1": [
		{ kinds: "CSIStorageCapacity", since: 21, removed: 27 },
		{
			kinds: "StorageClass CSIDriver CSINode VolumeAttachment",
			removed: 22,
		},
		{ kinds: "VolumeAttributesClass", since: 31 },
	],
	"policy/v1beta1": [
		{ kinds: "PodDisruptionBudget PodSecurityPolicy", removed: 25 },
	],
	"batch/v1beta1": [{ removed: 25 }],
	"discovery.k8s.io/v1beta1": [{ removed: 25 }],
	"events.k8s.io/v1beta1": [{ removed: 25 }],
	"node.k8s.io/v1beta1": [{ removed: 25 }],
	"autoscaling/v2beta1": [{ removed: 25 }],
	"autoscaling/v2beta2": [{ removed: 26 }],
	"flowcontrol.apiserver.k8s.io/v1beta1": [{ since: 20, removed: 26 }],
	"flowcontrol.apiserver.k8s.io/v1beta2": [{ since: 23, removed: 29 }],
	"flowcontrol.apiserver.k8s.io/v1beta3": [{ since: 26, removed: 32 }],
	"flowcontrol.apiserver.k8s.io/v1": [{ since: 29 }],
	"networking.k8s.io/v1": [
		{ kinds: "Ingress IngressClass", since: 19 },
		{ kinds: "IPAddress ServiceCIDR", since: 33 },
	],
	"policy/v1": [{ kinds: "PodDisruptionBudget", since: 21 }],
	"batch/v1": [{ kinds: "CronJob", since: 21 }],
	"certificates.k8s.io/v1": [{ since: 19 }],
	"events.k8s.io/v1": [{ since: 19 }],
	"node.k8s.io/v1": [{ since: 20 }],
	"discovery.k8s.io/v1": [{ since: 21 }],
	"autoscaling/v2": [{ since: 23 }],
	"storage.k8s.io/v1": [
		{ kinds: "CSIStorageCapacity", since: 24 },
		{ kinds: "VolumeAttributesClass", since: 34 },
	],
	"admissionregistration.k8s.io/v1": [
		{
			kinds: "ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding",
			since: 30,
		},
		{
			kinds: "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding",
			since: 36,
		},
	],
	"authentication.k8s.io/v1": [{ kinds: "SelfSubjectReview", since: 28 }],
	"resource.k8s.io/v1beta1": [{ since: 32 }],
	"resource.k8s.io/v1beta2": [{ since: 33 }],
	"resource.k8s.io/v1": [{ since: 34 }],
};

/** Why a version of Kubernetes does not serve an object's API version; undefined if it does. */
export function notServed(
	{ apiVersion, kind }: Manifest,
	cluster: string,
): string | undefined {
	const own = served[apiVersion]?.find(
		({ kinds }) => kinds?.split(" ").includes(kind) ?? true,
	);
	const has = `Kubernetes ${cluster} has no ${apiVersion} ${kind}`;
	if (own?.removed !== undefined && !lt(cluster, `1.${own.removed}.0`))
		return `${has}: it was removed in 1.${own.removed}.0.`;
	if (own?.since !== undefined && lt(cluster, `1.${own.since}.0`))
		return `${has} yet: it came with 1.${own.since}.0.`;
	return isUnknown(apiVersion, kind) && minor(cluster) <= newestRelease
		? `${has}, and neither has any other version.`
		: undefined;
}

/** The kinds of stable versions that Kubernetes serves, and of some others, e.g. `policy/v1/PodDisruptionBudget`. */
export const servedKinds = memoize((cluster: string): readonly string[] => {
	const listed = Object.entries(served).flatMap(([version, entries]) =>
		entries.flatMap(({ kinds }) =>
			(kinds?.split(" ") ?? []).map((kind) => ({ version, kind })),
		),
	);
	const stable = builtInGroups
		.flatMap((group) => [`${group}/v1`, `${group}/v2`])
		.flatMap((version) =>
			[...(builtInKinds(version) ?? [])].map((kind) => ({ version, kind })),
		);
	const found = [...listed, ...stable]
		.filter(
			({ version, kind }) =>
				!notServed(
					{ apiVersion: version, kind, metadata: { name: "" } },
					cluster,
				),
		)
		.map(({ version, kind }) => `${version}/${kind}`);
	return [...new Set(found)];
});

/** Whether no release ever had a kind in a version; alpha versions come and go. */
function isUnknown(apiVersion: string, kind: string): boolean {
	if (kind === "List" || /alpha/.test(apiVersion)) return false;
	const kinds = builtInKinds(apiVersion);
	if (kinds === undefined) return false;
	return (
		!kinds.has(kind.replace(/List$/, "")) &&
		!served[apiVersion]?.some(
			(each) =>
				each.removed !== undefined &&
				(each.kinds?.split(" ").includes(kind) ?? true),
		)
	);
}
