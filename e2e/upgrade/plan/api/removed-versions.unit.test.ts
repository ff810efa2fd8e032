import { expect, test } from "vitest";
import { notServed, servedKinds } from "./removed-versions.ts";

const reasonFor = (apiVersion: string, kind: string, cluster: string) =>
	notServed({ apiVersion, kind, metadata: { name: "a" } }, cluster);

test.each([
	["storage.k8s.io/v1beta1", "CSIDriver", "1.22.0", "removed in 1.22.0"],
	[
		"certificates.k8s.io/v1beta1",
		"CertificateSigningRequest",
		"1.34.0",
		"removed in 1.22.0",
	],
	[
		"admissionregistration.k8s.io/v1beta1",
		"ValidatingAdmissionPolicy",
		"1.34.0",
		"removed in 1.34.0",
	],
	["autoscaling/v2", "HorizontalPodAutoscaler", "1.22.0", "came with 1.23.0"],
	["apps/v1", "Deploymnet", "1.34.0", "neither has any other version"],
	["apps/v2", "Deployment", "1.34.0", "neither has any other version"],
	["v1", "Deployment", "1.34.0", "neither has any other version"],
	["networking.k8s.io/v1", "Service", "1.34.0", "neither has any other"],
])("%s %s is not in %s: %s", (apiVersion, kind, cluster, says) => {
	expect(reasonFor(apiVersion, kind, cluster)).toContain(says);
});

test.each([
	["storage.k8s.io/v1beta1", "CSIDriver", "1.21.0"],
	[
		"admissionregistration.k8s.io/v1beta1",
		"ValidatingAdmissionPolicy",
		"1.33.0",
	],
	["policy/v1beta1", "PodSecurityPolicy", "1.24.0"],
	["v1", "List", "1.34.0"],
	["v1", "ConfigMapList", "1.34.0"],
	["v1", "Namespace", "1.34.0"],
	["rbac.authorization.k8s.io/v1", "ClusterRole", "1.34.0"],
	["apiregistration.k8s.io/v1", "APIService", "1.34.0"],
	["networking.k8s.io/v1alpha1", "ClusterCIDR", "1.27.0"],
	// Custom resources.
	["gateway.networking.k8s.io/v1", "HTTPRoute", "1.34.0"],
	["snapshot.storage.k8s.io/v1", "VolumeSnapshot", "1.34.0"],
	["monitoring.coreos.com/v1", "Anything", "1.34.0"],
	// A release that is newer than what is known here.
	["apps/v1", "Something", "1.99.0"],
])("%s %s is in %s, or nobody knows", (apiVersion, kind, cluster) => {
	expect(reasonFor(apiVersion, kind, cluster)).toBeUndefined();
});

test.each([
	["1.24.0", "policy/v1/PodDisruptionBudget", true],
	["1.24.0", "policy/v1beta1/PodSecurityPolicy", true],
	["1.25.0", "policy/v1beta1/PodSecurityPolicy", false],
	["1.34.0", "discovery.k8s.io/v1/EndpointSlice", true],
	["1.34.0", "extensions/v1beta1/Ingress", false],
	["1.22.0", "autoscaling/v2/HorizontalPodAutoscaler", false],
])("%s serves %s: %s", (cluster, kind, expected) => {
	expect(servedKinds(cluster).includes(kind)).toBe(expected);
});
