import { expect, test } from "vitest";
import { makeArgo } from "./argo.ts";
import { chooseTool, makeTool, readToolName } from "./choice.ts";
import { makeHelm } from "./helm.ts";
import { toolNames } from "./tool.ts";

test("--with takes the names of tools, and says them otherwise", () => {
	expect(toolNames.map(readToolName)).toEqual([...toolNames]);
	expect(readToolName(undefined)).toBeUndefined();
	expect(() => readToolName("helm")).toThrow(
		"--with helm: must be one of helm3, helm4, flux, argo",
	);
});

const found = makeArgo(
	{ syncPolicy: { syncOptions: ["ServerSideApply=true"] } },
	{},
	{
		place: { file: "a.yaml", line: 1 },
		...{ kind: "Application", name: "a", namespace: "argocd" },
	},
);

test("without --with the repository says which tool", () => {
	expect(chooseTool(undefined, found)).toEqual({ tool: found, isNamed: false });
});

test("the same tool is meant with its settings", () => {
	expect(chooseTool("argo", found)).toEqual({ tool: found, isNamed: false });
});

test("another tool wins, with its defaults", () => {
	expect(chooseTool("flux", found)).toEqual({
		tool: makeTool("flux"),
		isNamed: true,
	});
});

test("another version of Helm is still run by what runs it", () => {
	expect(chooseTool("helm4", makeHelm(3, "Helmfile"))).toMatchObject({
		tool: {
			...{ name: "helm4", title: "Helmfile with Helm 4", apply: "inherited" },
		},
		isNamed: false,
	});
});

test.each([
	["helm3", "kept", "three-way-merge", true, true],
	["helm4", "kept", "inherited", true, true],
	["flux", "created", "inherited", true, true],
	["argo", "replaced", "client-side", false, undefined],
] as const)("%s by default", (name, crds, apply, looksUp, prunes) => {
	expect(makeTool(name)).toMatchObject({
		...{ name, crds, apply, looksUp, prunes },
		settings: undefined,
	});
});
