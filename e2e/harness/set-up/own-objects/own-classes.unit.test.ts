import { expect, test } from "vitest";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { makeOwnClasses } from "./own-classes.ts";

const given: Manifest = {
	apiVersion: "storage.k8s.io/v1",
	kind: "StorageClass",
	metadata: {
		name: "longhorn",
		annotations: {
			"storageclass.kubernetes.io/is-default-class": "true",
			defaultVolumeType: "local",
		},
	},
	provisioner: "rancher.io/local-path",
	parameters: { pathPattern: "x" },
};
const make = (kind: string, spec: object, name = "x"): Manifest => ({
	apiVersion: "v1",
	kind,
	metadata: { name },
	spec,
});
const claim = (storageClassName: unknown) => ({
	storage: { volumeClaimTemplate: { spec: { storageClassName } } },
});
const namesOf = (...manifests: readonly Manifest[]) =>
	makeOwnClasses(manifests, given).objects.map(
		({ kind, metadata }) => `${kind} ${metadata.name}`,
	);

test("a StorageClass of another name does what the given one does, and is not the default", () => {
	const { objects, sentences } = makeOwnClasses(
		[
			make("Alertmanager", claim("local-path")),
			make("PersistentVolumeClaim", { storageClassName: "local-path" }),
		],
		given,
	);
	expect(objects).toEqual([
		{
			...given,
			metadata: {
				name: "local-path",
				annotations: { defaultVolumeType: "local" },
			},
		},
	]);
	expect(sentences).toEqual([
		expect.stringMatching(/^StorageClass local-path, .* does what longhorn/),
	]);
});

test("a PriorityClass is made for pods of every kind of workload", () => {
	const own = { priorityClassName: "platform-cluster-critical" };
	const { objects, sentences } = makeOwnClasses(
		[
			make("Prometheus", own),
			make("DaemonSet", {
				template: { spec: { priorityClassName: "node-agents" } },
			}),
		],
		given,
	);
	expect(objects).toMatchObject([
		{
			kind: "PriorityClass",
			metadata: { name: "platform-cluster-critical" },
			value: 1000,
			globalDefault: false,
		},
		{ metadata: { name: "node-agents" } },
	]);
	expect(sentences).toHaveLength(2);
});

test.each<[string, readonly Manifest[]]>([
	["the class that every run has", [make("Prometheus", claim("longhorn"))]],
	[
		"classes that the manifests contain",
		[
			make("Prometheus", { ...claim("fast"), priorityClassName: "high" }),
			make("StorageClass", {}, "fast"),
			make("PriorityClass", {}, "high"),
		],
	],
	[
		"the name by which a claim finds a volume that is made by hand",
		[
			make("PersistentVolume", { storageClassName: "manual" }),
			make("PersistentVolumeClaim", { storageClassName: "manual" }),
		],
	],
	[
		"Kubernetes' own priorities",
		[
			make("Prometheus", { priorityClassName: "system-cluster-critical" }),
			make("DaemonSet", { priorityClassName: "system-node-critical" }),
		],
	],
	[
		"empty names, and what only looks like one",
		[
			make("Prometheus", { ...claim(""), priorityClassName: null }),
			make("CustomResourceDefinition", {
				properties: { storageClassName: "string" },
			}),
		],
	],
])("nothing is made for %s", (_, manifests) => {
	expect(namesOf(...manifests)).toEqual([]);
});
