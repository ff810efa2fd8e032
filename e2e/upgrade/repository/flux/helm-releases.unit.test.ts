import { expect, test } from "vitest";
import { findOneRelease } from "../find-one-release.ts";
import { helmRepository, makeHelmRelease } from "./make-objects.ts";

const sops = { mac: "x" };
const secretText = "ENC[AES256_GCM,data:x,iv:x,tag:x,type:str]";

test("a HelmRelease has the chart of its HelmRepository, and its own values", () => {
	const values = { grafana: { enabled: false } };
	expect(
		findOneRelease({
			"apps/source.yaml": helmRepository,
			"apps/stack.yaml": [
				makeHelmRelease({ values, upgrade: { crds: "CreateReplace" } }),
			],
		}),
	).toMatchObject({
		deployer: "Flux",
		name: "stack",
		namespace: "monitoring",
		chart: {
			name: "kube-prometheus-stack",
			version: "80.0.0",
			source: "https://charts.example.org",
		},
		all: values,
		place: { file: "apps/stack.yaml", line: 1 },
		tool: { name: "flux", crds: "replaced" },
		unknown: [],
	});
});

test.each(["v2beta1", "v2beta2", "v2"])("apiVersion %s is read", (version) => {
	const found = findOneRelease({
		"a.yaml": {
			...makeHelmRelease({}),
			apiVersion: `helm.toolkit.fluxcd.io/${version}`,
		},
	});
	expect(found.chart.version).toBe("80.0.0");
});

test("a chartRef leads to the tag of an OCIRepository, without its digest", () => {
	const { chart } = findOneRelease({
		"a.yaml": [
			makeHelmRelease({
				chart: undefined,
				chartRef: { kind: "OCIRepository", name: "stack" },
			}),
			{
				apiVersion: "source.toolkit.fluxcd.io/v1",
				kind: "OCIRepository",
				metadata: { name: "stack", namespace: "monitoring" },
				spec: {
					url: "oci://registry.example.org/charts/kube-prometheus-stack",
					ref: { tag: "88.3.0@sha256:00" },
				},
			},
		],
	});
	expect(chart).toEqual({
		name: "kube-prometheus-stack",
		version: "88.3.0",
		source: "oci://registry.example.org/charts/kube-prometheus-stack",
	});
});

test.each([
	[{}, "stack"],
	[{ targetNamespace: "metrics" }, "metrics-stack"],
	[{ targetNamespace: "metrics", releaseName: "own" }, "own"],
])("%j is released as %s", (spec, name) => {
	expect(findOneRelease({ "a.yaml": makeHelmRelease(spec) }).name).toBe(name);
});

test("values come from ConfigMaps in their order, and spec.values win", () => {
	const { all, values } = findOneRelease({
		"apps/kustomization.yaml": {
			resources: ["stack.yaml"],
			configMapGenerator: [
				{ name: "base", files: ["values.yaml=base.yaml"] },
				{ name: "own", literals: ["more.yaml=b: 2"] },
			],
		},
		"apps/base.yaml": { a: 1, b: 1, c: 1 },
		"apps/stack.yaml": makeHelmRelease({
			valuesFrom: [
				{ kind: "ConfigMap", name: "base" },
				{ kind: "ConfigMap", name: "own", valuesKey: "more.yaml" },
			],
			values: { c: 3 },
		}),
	});
	expect(all).toEqual({ a: 1, b: 2, c: 3 });
	expect(values.map(({ name }) => name)).toEqual([
		"apps/base.yaml",
		"apps/kustomization.yaml (more.yaml)",
		"apps/stack.yaml (spec.values)",
	]);
});

test("values in a Secret that is not encrypted are read", () => {
	const text = Buffer.from("a: 1\n").toString("base64");
	const { all } = findOneRelease({
		"a.yaml": [
			makeHelmRelease({ valuesFrom: [{ kind: "Secret", name: "s" }] }),
			{
				kind: "Secret",
				metadata: { name: "s" },
				data: { "values.yaml": text },
			},
		],
	});
	expect(all).toEqual({ a: 1 });
});

test.each([
	[
		"an encrypted Secret",
		{ kind: "Secret", name: "s" },
		["Secret s is encrypted: the values in it are left out"],
		{},
	],
	[
		"a value of an encrypted Secret",
		{ kind: "Secret", name: "s", targetPath: "grafana.adminPassword" },
		[
			"grafana.adminPassword comes from Secret s, which is encrypted: placeholder-grafana-adminpassword stands for it",
		],
		{ grafana: { adminPassword: "placeholder-grafana-adminpassword" } },
	],
	[
		"a ConfigMap of another place",
		{ kind: "ConfigMap", name: "elsewhere" },
		[
			"ConfigMap elsewhere is not in the repository: the values in it are left out",
		],
		{},
	],
	[
		"an optional one",
		{ kind: "ConfigMap", name: "elsewhere", optional: true },
		[],
		{},
	],
])("%s becomes a sentence", (_, entry, unknown, all) => {
	const found = findOneRelease({
		"a.yaml": [
			makeHelmRelease({ valuesFrom: [entry] }),
			{
				kind: "Secret",
				metadata: { name: "s" },
				stringData: { "values.yaml": secretText },
				sops,
			},
		],
	});
	expect(found.unknown).toEqual(unknown);
	expect(found.all).toEqual(all);
});

test("the chart may be a folder of the repository", () => {
	const { chart, all } = findOneRelease({
		"charts/metrics/Chart.yaml": {
			name: "metrics",
			version: "0.1.0",
			dependencies: [
				{
					name: "kube-prometheus-stack",
					version: "80.1.0",
					repository: "https://charts.example.org",
				},
			],
		},
		"charts/metrics/values.yaml": {
			"kube-prometheus-stack": { a: 1, b: 1, c: 1 },
		},
		"charts/metrics/home.yaml": { "kube-prometheus-stack": { b: 3, c: 3 } },
		"a.yaml": makeHelmRelease({
			chart: {
				spec: {
					chart: "./charts/metrics",
					valuesFiles: ["charts/metrics/home.yaml"],
					sourceRef: { kind: "GitRepository", name: "flux-system" },
				},
			},
			values: { "kube-prometheus-stack": { b: 2 } },
		}),
	});
	expect(chart).toMatchObject({
		name: "kube-prometheus-stack",
		version: "80.1.0",
	});
	expect(all).toEqual({ a: 1, b: 2, c: 3 });
});
