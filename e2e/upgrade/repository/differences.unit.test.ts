import { expect, test } from "vitest";
import { chartRepository, makeApplication } from "./argo/make-application.ts";
import { describePair } from "./describe.ts";
import { findDifferences } from "./differences.ts";
import { findReleases } from "./find-releases.ts";
import { helmRepository, makeHelmRelease } from "./flux/make-objects.ts";
import { makeTree } from "./git/make-tree.ts";

type Files = Parameters<typeof makeTree>[0];

function differ(before: Files, after: Files): string[] {
	const read = (files: Files) => {
		const tree = makeTree({ "source.yaml": helmRepository, ...files });
		return { tree, releases: findReleases(tree) };
	};
	return findDifferences(read(before), read(after)).map(describePair);
}

const release = (version: string, values: object = {}, name = "stack") => {
	const made = makeHelmRelease({ values }, name);
	made.spec.chart.spec.version = version;
	return made;
};
const old = { "a.yaml": release("80.0.0", { a: 1, b: { c: 1 } }) };

test("another version differs", () => {
	expect(differ(old, { "a.yaml": release("81.0.0") })).toEqual([
		"monitoring/stack (Flux): kube-prometheus-stack 80.0.0 → 81.0.0",
	]);
});

test("other values differ", () => {
	expect(differ(old, { "a.yaml": release("80.0.0", { a: 2 }) })).toEqual([
		"monitoring/stack (Flux): values of kube-prometheus-stack 80.0.0",
	]);
});

test("CRDs that Argo CD no longer brings differ, and Flux' policy does not", () => {
	const application = (helm: object) => ({
		"a.yaml": makeApplication({
			source: {
				...{ repoURL: chartRepository, chart: "kube-prometheus-stack" },
				...{ targetRevision: "80.0.0", helm },
			},
		}),
	});
	expect(differ(application({}), application({ skipCrds: true }))).toEqual([
		expect.stringContaining("monitoring/stack (Argo CD)"),
	]);
	const policy = { upgrade: { crds: "CreateReplace" } };
	expect(
		differ(
			{ "a.yaml": makeHelmRelease({}) },
			{ "a.yaml": makeHelmRelease(policy) },
		),
	).toEqual([]);
});

test.each([
	[
		"comments and the order of keys",
		{
			"a.yaml": `# a comment\n${JSON.stringify(release("80.0.0", { b: { c: 1 }, a: 1 }))}`,
		},
	],
	["a file that moves", { "moved/a.yaml": old["a.yaml"] }],
	["other files", { ...old, "b.yaml": { kind: "Deployment" } }],
])("%s make no difference", (_, after) => {
	expect(differ(old, after)).toEqual([]);
});

const unread = [
	"monitoring/stack (Flux): kube-prometheus-stack 80.0.0, in what is not read",
];
const fromSecret = { valuesFrom: [{ kind: "Secret", name: "s" }] };
const externalSecret = (key: string, refreshInterval = "1h") => ({
	apiVersion: "external-secrets.io/v1",
	kind: "ExternalSecret",
	metadata: { name: "made", namespace: "monitoring" },
	spec: {
		refreshInterval,
		target: { name: "s" },
		dataFrom: [{ extract: { key } }],
	},
});
const inflated = {
	helmCharts: [
		{
			...{ name: "kube-prometheus-stack", version: "80.0.0" },
			...{ repo: chartRepository, valuesFile: "values.yaml" },
		},
	],
};

test("what is encrypted differs, what SOPS writes about it does not", () => {
	const encrypted = (data: string, mac = data) => ({
		"a.yaml": makeHelmRelease({
			valuesFrom: [{ kind: "Secret", name: "s" }],
			values: {},
		}),
		"s.yaml": {
			kind: "Secret",
			metadata: { name: "s" },
			stringData: {
				"values.yaml": `ENC[AES256_GCM,data:${data},iv:x,tag:x,type:str]`,
			},
			sops: { mac },
		},
	});
	expect(differ(encrypted("a", "a"), encrypted("a", "b"))).toEqual([]);
	expect(differ(encrypted("a"), encrypted("b"))).toEqual(unread);
});

const source = (ref: object) => [
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
			ref,
		},
	},
];

test.each([
	[
		"a digest",
		{ "a.yaml": source({ tag: "80.0.0@sha256:00" }) },
		{ "a.yaml": source({ tag: "80.0.0@sha256:11" }) },
	],
	[
		"postRenderers",
		{ "a.yaml": makeHelmRelease({ postRenderers: [{ a: 1 }] }) },
		{ "a.yaml": makeHelmRelease({ postRenderers: [{ a: 2 }] }) },
	],
	[
		"what an ExternalSecret makes",
		{ "a.yaml": makeHelmRelease(fromSecret), "s.yaml": externalSecret("a") },
		{ "a.yaml": makeHelmRelease(fromSecret), "s.yaml": externalSecret("b") },
	],
	[
		"a file that git-crypt has encrypted",
		{ "kustomization.yaml": inflated, "values.yaml": "\0GITCRYPT\0a" },
		{ "kustomization.yaml": inflated, "values.yaml": "\0GITCRYPT\0b" },
	],
	[
		"a patch of what Kustomize has rendered",
		{
			"kustomization.yaml": { ...inflated, patches: [{ path: "p.yaml" }] },
			"p.yaml": { kind: "Prometheus", spec: { replicas: 1 } },
		},
		{
			"kustomization.yaml": { ...inflated, patches: [{ path: "p.yaml" }] },
			"p.yaml": { kind: "Prometheus", spec: { replicas: 2 } },
		},
	],
])("%s is not read, and differs", (_, before, after) => {
	expect(differ(before, before)).toEqual([]);
	expect(differ(before, after)).toEqual([
		expect.stringMatching(/80.0.0, in what is not read$/),
	]);
});

test("how often an ExternalSecret is read makes no difference", () => {
	const files = (interval: string) => ({
		"a.yaml": makeHelmRelease(fromSecret),
		"s.yaml": externalSecret("a", interval),
	});
	expect(differ(files("1h"), files("2h"))).toEqual([]);
});

test("a digest that follows the version is no further difference", () => {
	const read = (tag: string) => {
		const tree = makeTree({ "a.yaml": source({ tag }) });
		return { tree, releases: findReleases(tree) };
	};
	expect(
		findDifferences(read("80.0.0@sha256:00"), read("81.0.0@sha256:11")),
	).toMatchObject([{ unread: [], isUnread: false }]);
});

test("a release that is renamed in its file is the same one", () => {
	expect(
		differ(old, {
			"a.yaml": release("80.0.0", { a: 1, b: { c: 1 } }, "metrics"),
		}),
	).toEqual([
		"monitoring/metrics (Flux): values of kube-prometheus-stack 80.0.0",
	]);
});

test("what is new and what is gone is told", () => {
	expect(differ(old, { "b.yaml": release("80.0.0", {}, "other") })).toEqual([
		"monitoring/stack (Flux): kube-prometheus-stack 80.0.0 is removed",
		"monitoring/other (Flux): kube-prometheus-stack 80.0.0 is added",
	]);
});

test("what a list makes for several clusters is paired in its order", () => {
	const set = (version: string) => ({
		"a.yaml": {
			kind: "ApplicationSet",
			metadata: { name: "stack" },
			spec: {
				generators: [
					{
						list: {
							elements: ["a", "b"].map((cluster) => ({ cluster, version })),
						},
					},
				],
				template: makeApplication({
					source: {
						...{ repoURL: chartRepository, chart: "kube-prometheus-stack" },
						targetRevision: "{{version}}",
					},
				}),
			},
		},
	});
	expect(differ(set("80.0.0"), set("81.0.0"))).toEqual([
		"monitoring/stack (Argo CD, a 81.0.0): kube-prometheus-stack 80.0.0 → 81.0.0",
		"monitoring/stack (Argo CD, b 81.0.0): kube-prometheus-stack 80.0.0 → 81.0.0",
	]);
});

test("a chart in the repository differs by its files", () => {
	const files = (text: string) => ({
		"a.yaml": makeHelmRelease({
			chart: {
				spec: {
					chart: "./charts/kube-prometheus-stack",
					sourceRef: { kind: "GitRepository", name: "home" },
				},
			},
		}),
		"charts/kube-prometheus-stack/Chart.yaml": {
			name: "kube-prometheus-stack",
			version: "80.0.0",
		},
		"charts/kube-prometheus-stack/templates/a.yaml": text,
	});
	expect(differ(files("a"), files("a"))).toEqual([]);
	expect(differ(files("a"), files("b"))).toHaveLength(1);
});
