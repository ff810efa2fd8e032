import { expect, test } from "vitest";
import { parse } from "yaml";
import { findOneRelease } from "../find-one-release.ts";
import { findReleases } from "../find-releases.ts";
import { makeTree } from "../git/make-tree.ts";
import { makeFluxKustomization, makeHelmRelease } from "./make-objects.ts";

test("a Kustomization's patches go down to what it applies in turn", () => {
	const helmPatch = {
		kind: "HelmRelease",
		metadata: { name: "_" },
		spec: { upgrade: { crds: "CreateReplace" } },
	};
	const patch = {
		kind: "Kustomization",
		metadata: { name: "_" },
		spec: {
			targetNamespace: "metrics",
			patches: [
				{ patch: JSON.stringify(helmPatch), target: { kind: "HelmRelease" } },
			],
		},
	};
	const found = findOneRelease({
		"cluster/ks.yaml": makeFluxKustomization("./apps", {
			patches: [
				{
					patch: JSON.stringify(patch),
					target: { group: "kustomize.toolkit.fluxcd.io" },
				},
			],
		}),
		"apps/kustomization.yaml": { resources: ["stack/ks.yaml"] },
		"apps/stack/ks.yaml": makeFluxKustomization(
			"./apps/stack/app",
			{},
			"stack",
		),
		"apps/stack/app/stack.yaml": makeHelmRelease({}),
	});
	expect(found).toMatchObject({
		namespace: "metrics",
		tool: { crds: "replaced" },
	});
});

test("a base in two clusters is two releases, with what each puts over it", () => {
	const overlay = (size: number) => ({
		resources: ["../../base"],
		patches: [
			{
				target: { kind: "HelmRelease", name: "stack" },
				patch: JSON.stringify([
					{ op: "replace", path: "/spec/values/size", value: size },
				]),
			},
		],
	});
	const found = findReleases(
		makeTree({
			"clusters/a/ks.yaml": makeFluxKustomization("./overlays/a", {}, "a"),
			"clusters/b/ks.yaml": makeFluxKustomization("./overlays/b", {}, "b"),
			"overlays/a/kustomization.yaml": overlay(1),
			"overlays/b/kustomization.yaml": overlay(2),
			"base/kustomization.yaml": { resources: ["stack.yaml"] },
			"base/stack.yaml": makeHelmRelease({ values: { size: 0 } }),
		}),
	);
	expect(
		found.map(({ variant, values }) => [
			variant,
			parse(values[0]?.content ?? ""),
		]),
	).toEqual([
		["overlays/a by Kustomization a", { size: 1 }],
		["overlays/b by Kustomization b", { size: 2 }],
	]);
});
