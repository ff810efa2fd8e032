import { expect, test } from "vitest";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { makeForeignKinds } from "./foreign-kinds.ts";

const make = (
	apiVersion: string,
	kind: string,
	namespace?: string,
	name = "x",
): Manifest => ({ apiVersion, kind, metadata: { name, namespace } });
const crd = (group: string, kind: string): Manifest => ({
	apiVersion: "apiextensions.k8s.io/v1",
	kind: "CustomResourceDefinition",
	metadata: { name: "x" },
	spec: { group, names: { kind } },
});

test.each([
	["traefik.io/v1alpha1", "IngressRoute", "ingressroutes.traefik.io"],
	["traefik.io/v1alpha1", "TLSStore", "tlsstores.traefik.io"],
	["bitnami.com/v1alpha1", "SealedSecret", "sealedsecrets.bitnami.com"],
	["longhorn.io/v1beta2", "RecurringJob", "recurringjobs.longhorn.io"],
	["kyverno.io/v1", "Policy", "policies.kyverno.io"],
	["example.org/v1", "Gateway", "gateways.example.org"],
	["example.org/v1", "Mesh", "meshes.example.org"],
	["example.org/v1", "Prometheus", "prometheuses.example.org"],
])("%s %s gets CRD %s without a schema", (apiVersion, kind, name) => {
	const { objects } = makeForeignKinds(
		[make(apiVersion, kind, "monitoring")],
		[],
	);
	expect(objects).toMatchObject([
		{
			metadata: { name },
			spec: {
				scope: "Namespaced",
				names: { kind },
				versions: [
					{
						served: true,
						storage: true,
						schema: {
							openAPIV3Schema: { "x-kubernetes-preserve-unknown-fields": true },
						},
					},
				],
			},
		},
	]);
});

test("each kind is told once, with its objects, and has all versions that they have", () => {
	const { objects, sentences } = makeForeignKinds(
		[
			make("traefik.io/v1alpha1", "Middleware", "a", "auth"),
			make("traefik.io/v1", "Middleware", "a", "headers"),
		],
		[],
	);
	expect(objects).toMatchObject([
		{
			spec: {
				versions: [
					{ name: "v1alpha1", storage: true },
					{ name: "v1", storage: false },
				],
			},
		},
	]);
	expect(sentences).toEqual([
		"Middleware of traefik.io (auth, headers): the test makes a CRD without a schema; no program here acts on it",
	]);
});

test.each([
	["kyverno.io/v1", "ClusterPolicy", undefined, "Cluster"],
	["snapshot.storage.k8s.io/v1", "VolumeSnapshotClass", undefined, "Cluster"],
	["longhorn.io/v1beta2", "RecurringJob", undefined, "Namespaced"],
	["cluster.x-k8s.io/v1", "ClusterClass", "a", "Namespaced"],
])("%s %s in namespace %s has scope %s", (apiVersion, kind, ns, scope) => {
	const { objects } = makeForeignKinds([make(apiVersion, kind, ns)], []);
	expect(objects).toMatchObject([{ spec: { scope } }]);
});

test("a CRD in a domain of Kubernetes says that nobody approved it", () => {
	const { objects } = makeForeignKinds(
		[make("autoscaling.k8s.io/v1", "VerticalPodAutoscaler", "a")],
		[],
	);
	expect(objects).toMatchObject([
		{
			metadata: {
				annotations: {
					"api-approved.kubernetes.io": expect.stringMatching(/^unapproved/),
				},
			},
		},
	]);
});

test.each([
	make("v1", "ConfigMap"),
	make("apps/v1", "Deployment"),
	make("policy/v1beta1", "PodSecurityPolicy"),
	make("rbac.authorization.k8s.io/v1", "ClusterRole"),
	make("networking.k8s.io/v1", "Ingress"),
	make("cert-manager.io/v1", "Certificate"),
	make("cert-manager.io/v1alpha2", "Certificate"),
	make("example.org/v1", "Own"),
])("$apiVersion $kind is known, or left to Helm", (object) => {
	const known = [crd("cert-manager.io", "Certificate")];
	expect(makeForeignKinds([object, crd("example.org", "Own")], known)).toEqual({
		objects: [],
		sentences: [],
	});
});
