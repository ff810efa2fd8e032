import { expect, test } from "vitest";
import { stringify } from "yaml";
import { findOneRelease } from "../find-one-release.ts";
import { findReleases } from "../find-releases.ts";
import { makeHelmRelease } from "../flux/make-objects.ts";
import { makeTree } from "../git/make-tree.ts";

const stack = makeHelmRelease({
	values: { a: 1, b: { c: 1, d: 1 }, list: [1] },
});
const patched = (kustomization: object, more: object = {}) =>
	findOneRelease({
		"apps/kustomization.yaml": { resources: ["stack.yaml"], ...kustomization },
		"apps/stack.yaml": stack,
		...more,
	});
const change = (values: object, metadata: object = { name: "stack" }) => ({
	apiVersion: "helm.toolkit.fluxcd.io/v2",
	kind: "HelmRelease",
	metadata,
	spec: { values },
});

test.each([
	[
		"a strategic merge by the name in it",
		{ patches: [{ patch: stringify(change({ b: { c: 2 } })) }] },
		{ a: 1, b: { c: 2, d: 1 }, list: [1] },
	],
	[
		"a strategic merge that deletes and replaces",
		{
			patches: [
				{
					patch: stringify(
						change({ a: null, b: { $patch: "replace", e: 1 }, list: [2] }),
					),
				},
			],
		},
		{ b: { e: 1 }, list: [2] },
	],
	[
		"a patch of a file, in the old form",
		{ patchesStrategicMerge: ["change.yaml"] },
		{ a: 2, b: { c: 1, d: 1 }, list: [1] },
	],
	[
		"JSON 6902, by a regular expression of the name",
		{
			patches: [
				{
					target: { kind: "HelmRelease", name: "st.*" },
					patch: stringify([
						{ op: "replace", path: "/spec/values/a", value: 2 },
						{ op: "add", path: "/spec/values/list/-", value: 2 },
						{ op: "remove", path: "/spec/values/b" },
					]),
				},
			],
		},
		{ a: 2, list: [1, 2] },
	],
	[
		"a patch of another name",
		{
			patches: [
				{
					target: { kind: "HelmRelease", name: "tack" },
					patch: stringify([{ op: "remove", path: "/spec/values/b" }]),
				},
			],
		},
		{ a: 1, b: { c: 1, d: 1 }, list: [1] },
	],
	[
		"a patch by a label that is not there",
		{
			patches: [
				{
					target: { labelSelector: "app=stack" },
					patch: stringify(change({ a: 2 })),
				},
			],
		},
		{ a: 1, b: { c: 1, d: 1 }, list: [1] },
	],
])("%s", (_, kustomization, all) => {
	const more = { "apps/change.yaml": change({ a: 2 }) };
	expect(patched(kustomization, more).all).toEqual(all);
});

test("a namespace and a prefix are those of the release", () => {
	expect(patched({ namespace: "metrics", namePrefix: "my-" })).toMatchObject({
		namespace: "metrics",
		name: "my-stack",
	});
});

test("components add values to a ConfigMap of the base, and refer to them", () => {
	const { all } = findOneRelease({
		"overlay/kustomization.yaml": {
			resources: ["../base"],
			components: ["../components/k3s"],
		},
		"base/kustomization.yaml": {
			resources: ["stack.yaml"],
			configMapGenerator: [
				{ name: "values", files: ["base.yaml=values.yaml"] },
			],
		},
		"base/values.yaml": { a: 1, b: 1 },
		"base/stack.yaml": makeHelmRelease({
			valuesFrom: [
				{ kind: "ConfigMap", name: "values", valuesKey: "base.yaml" },
			],
		}),
		"components/k3s/kustomization.yaml": {
			kind: "Component",
			configMapGenerator: [
				{ name: "values", behavior: "merge", files: ["k3s.yaml=values.yaml"] },
			],
			patches: [{ target: { kind: "HelmRelease" }, path: "patch.yaml" }],
		},
		"components/k3s/values.yaml": { b: 2 },
		"components/k3s/patch.yaml": [
			[
				{
					op: "add",
					path: "/spec/valuesFrom/-",
					value: { kind: "ConfigMap", name: "values", valuesKey: "k3s.yaml" },
				},
			],
		],
	});
	expect(all).toEqual({ a: 1, b: 2 });
});

test("a folder that includes itself ends", () => {
	expect(patched({ resources: ["stack.yaml", "../apps"] }).name).toBe("stack");
});

const charts = {
	"apps/kustomization.yaml": {
		namespace: "monitoring",
		helmCharts: [
			{
				name: "kube-prometheus-stack",
				repo: "https://charts.example.org",
				version: "80.0.0",
				releaseName: "stack",
				valuesFile: "values.yaml",
				additionalValuesFiles: ["more.yaml"],
				valuesInline: { c: 3 },
				includeCRDs: true,
			},
		],
	},
	"apps/values.yaml": { a: 1, b: 1, c: 1 },
	"apps/more.yaml": { b: 2 },
};

test("a chart of Kustomize is a release", () => {
	expect(findOneRelease(charts)).toMatchObject({
		deployer: "Kustomize",
		name: "stack",
		namespace: "monitoring",
		chart: {
			name: "kube-prometheus-stack",
			version: "80.0.0",
			source: "https://charts.example.org",
		},
		all: { a: 1, b: 2, c: 3 },
		variant: "",
		tool: { name: "kustomize", crds: "replaced" },
	});
});

test("an overlay over charts is named", () => {
	const found = findReleases(
		makeTree({
			...charts,
			"overlays/a/kustomization.yaml": { resources: ["../../apps"] },
			"overlays/b/kustomization.yaml": { resources: ["../../apps"] },
		}),
	);
	expect(found.map(({ variant }) => variant)).toEqual([
		"overlays/a",
		"overlays/b",
	]);
});
