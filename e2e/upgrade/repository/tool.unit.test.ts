import { expect, test } from "vitest";
import {
	chartRepository,
	makeApplication,
	ownRepository,
} from "./argo/make-application.ts";
import { findOneRelease } from "./find-one-release.ts";
import { helmRepository, makeHelmRelease } from "./flux/make-objects.ts";

const chart = "kube-prometheus-stack";
const flux = (spec: object, more: object = {}) =>
	findOneRelease({ "a.yaml": [helmRepository, makeHelmRelease(spec)], ...more })
		.tool;
const argo = (syncPolicy: object, helm: object = {}) =>
	findOneRelease({
		"a.yaml": makeApplication({
			source: { repoURL: chartRepository, chart, targetRevision: "1", helm },
			syncPolicy,
		}),
	}).tool;
const helmfile = (more: object, files: object = {}) =>
	findOneRelease({
		"helmfile.yaml": {
			...more,
			releases: [{ name: "stack", chart: `a/${chart}`, version: "1.0.0" }],
		},
		...files,
	}).tool;
const script = (files: object) =>
	findOneRelease({
		"up.sh": `helm upgrade stack a/${chart} --version 1.0.0\n`,
		...files,
	}).tool;

test.each([
	["the default", {}, "created"],
	["Create", { upgrade: { crds: "Create" } }, "created"],
	["Skip", { upgrade: { crds: "Skip" } }, "kept"],
	["CreateReplace", { upgrade: { crds: "CreateReplace" } }, "replaced"],
	["of the installation", { install: { crds: "CreateReplace" } }, "created"],
])("Flux, CRDs: %s", (_, spec, crds) => {
	expect(flux(spec)).toMatchObject({ name: "flux", crds, prunes: true });
});

const instance = (version: string) => ({
	"flux.yaml": {
		apiVersion: "fluxcd.controlplane.io/v1",
		kind: "FluxInstance",
		metadata: { name: "flux" },
		spec: { distribution: { version } },
	},
});
const bootstrap = (version: string) => ({
	"flux-system/gotk-components.yaml": {
		apiVersion: "v1",
		kind: "Namespace",
		metadata: {
			name: "flux-system",
			labels: {
				"app.kubernetes.io/part-of": "flux",
				"app.kubernetes.io/version": version,
			},
		},
	},
});
const manifests = (tag: string) => ({
	"flux.yaml": {
		apiVersion: "source.toolkit.fluxcd.io/v1",
		kind: "OCIRepository",
		metadata: { name: "flux-manifests" },
		spec: { url: "oci://ghcr.io/fluxcd/flux-manifests", ref: { tag } },
	},
});

test.each([
	["of no known version", {}, {}, "inherited"],
	["before Helm 4", {}, instance("2.7.x"), "three-way-merge"],
	["of any version", {}, instance("2.x"), "inherited"],
	["bootstrapped", {}, bootstrap("v2.7.5"), "three-way-merge"],
	["by its manifests", {}, manifests("v2.6.0"), "three-way-merge"],
	["with Helm 4", {}, bootstrap("v2.8.0"), "inherited"],
	[
		"told to apply server-side",
		{ upgrade: { serverSideApply: "enabled" } },
		bootstrap("v2.8.1"),
		"server-side",
	],
	[
		"told not to",
		{ upgrade: { serverSideApply: "disabled" } },
		{},
		"three-way-merge",
	],
])("Flux %s", (_, spec, files, apply) => {
	expect(flux(spec, files)).toMatchObject({ apply, forces: true });
});

test("Flux' hooks can be switched off", () => {
	expect(flux({ upgrade: { disableHooks: true } }).hooks).toBe("none");
	expect(flux({ install: { disableHooks: true } }).hooks).toBe("helm");
});

test.each([
	["nothing", {}, "client-side", false],
	["automated", { automated: {} }, "client-side", false],
	["pruning", { automated: { prune: true } }, "client-side", true],
	["off", { automated: { prune: true, enabled: false } }, "client-side", false],
	[
		"told not to prune",
		{ automated: { prune: true }, syncOptions: ["Prune=false"] },
		"client-side",
		false,
	],
	[
		"server-side",
		{ syncOptions: ["ServerSideApply=true"] },
		"server-side",
		false,
	],
	[
		"replacing, which wins",
		{ syncOptions: ["ServerSideApply=true", "Replace=true"] },
		"replaced",
		false,
	],
])("Argo CD's sync policy: %s", (_, policy, apply, prunes) => {
	expect(argo(policy)).toMatchObject({
		...{ name: "argo", apply, prunes, looksUp: false, crds: "replaced" },
		settings: { kind: "Application", name: "stack", namespace: "argocd" },
	});
});

test("what an ApplicationSet makes is written in its template", () => {
	const { spec, metadata } = makeApplication({
		source: { repoURL: chartRepository, chart, targetRevision: "1" },
		syncPolicy: { automated: { prune: true } },
	});
	const { tool } = findOneRelease({
		"set.yaml": {
			apiVersion: "argoproj.io/v1alpha1",
			kind: "ApplicationSet",
			metadata: { name: "set" },
			spec: {
				generators: [{ list: { elements: [{}] } }],
				template: { metadata, spec },
			},
		},
	});
	expect(tool).toMatchObject({
		prunes: true,
		settings: { kind: "ApplicationSet", place: { file: "set.yaml" } },
	});
});

test("a chart of a kustomization that Argo CD applies has CRDs as Kustomize includes them", () => {
	const { tool } = findOneRelease({
		"a.yaml": makeApplication({
			source: { repoURL: ownRepository, path: "stack" },
			syncPolicy: { syncOptions: ["ServerSideApply=true"] },
		}),
		"stack/kustomization.yaml": {
			helmCharts: [{ name: chart, repo: chartRepository, version: "1" }],
		},
	});
	expect(tool).toMatchObject({
		...{ name: "argo", apply: "server-side", crds: "kept" },
	});
});

test.each([
	["nobody says", {}, {}, "helm3"],
	["helmBinary", { helmBinary: "/usr/bin/helm4" }, {}, "helm4"],
	[".tool-versions", {}, { ".tool-versions": "helm 4.0.1\n" }, "helm4"],
	[
		"helmBinary before .tool-versions",
		{ helmBinary: "helm3" },
		{ ".tool-versions": "helm 4.0.1\n" },
		"helm3",
	],
])("Helmfile's Helm: %s", (_, more, files, name) => {
	expect(helmfile(more, files)).toMatchObject({
		...{ name, title: expect.stringMatching(/^Helmfile with Helm [34]$/) },
		crds: "kept",
	});
});

test("a hook of Helmfile may apply the CRDs", () => {
	const hooks = [
		{ events: ["prepare"], command: "./apply-crds.sh", showlogs: true },
	];
	expect(helmfile({ hooks }).crds).toBe("replaced");
});

test.each([
	[{}, "helm3"],
	[{ ".tool-versions": "kubectl 1.34.1\nhelm 4.0.1\n" }, "helm4"],
	[{ ".tool-versions": "helm-diff 4.0.1\nhelm 3.19.0\n" }, "helm3"],
	[{ "mise.toml": '[tools]\nhelm = "4"\n' }, "helm4"],
	[{ ".mise.toml": '[tools]\n"aqua:helm/helm" = "4.0.0"\n' }, "helm4"],
	[{ "mise.toml": '[tools]\nhelm = { version = "4.1" }\n' }, "helm4"],
	[{ "mise.toml": '[tools]\nhelmfile = "4"\n' }, "helm3"],
	[{ "aqua.yaml": { packages: [{ name: "helm/helm@v4.0.1" }] } }, "helm4"],
])("a script's Helm in %j is %s", (files, name) => {
	expect(script(files)).toMatchObject({ name, crds: "kept" });
});
