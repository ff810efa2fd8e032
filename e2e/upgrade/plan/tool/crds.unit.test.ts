import { describe, expect, test } from "vitest";
import { makeNamedChoice } from "../../tools/choice.ts";
import { makeHelm } from "../../tools/helm.ts";
import type { Tool } from "../../tools/tool.ts";
import { choiceOfCase, sidesOf } from "../cases/read-cases.ts";
import {
	caseNamed,
	reasonsOfCase,
	type WantedTool,
} from "../cases/reasons-of-case.ts";
import { asToolDoesIt } from "./as-tool-does-it.ts";
import type { CrdsByHand } from "./crds.ts";

describe("CRDs that are left behind", () => {
	test.each([
		[
			"flux-leaves-the-crds-by-default",
			"Flux leaves those that exist as they are, and nothing that was read here applies them.",
			"Set spec.upgrade.crds: CreateReplace in stack.yaml",
		],
		[
			"flux-skips-new-crds-with-skip",
			"Flux leaves them as they are, and nothing that was read here applies them.",
			"Set spec.upgrade.crds: CreateReplace in stack.yaml",
		],
		[
			"flux-without-a-repository",
			"Flux leaves those that exist as they are, unless spec.upgrade.crds is CreateReplace.",
			"Set spec.upgrade.crds: CreateReplace, or",
		],
		[
			"another-chart-leaves-the-crds",
			"Flux leaves those that exist as they are, and prometheus-operator-crds, which brings them, stays at 17.0.2.",
			"Move prometheus-operator-crds in the same change",
		],
		[
			"argo-is-told-to-skip-the-crds",
			"Argo CD leaves them as they are, and nothing that was read here applies them.",
			"Move what applies the CRDs in the same change, or remove helm.skipCrds in stack.yaml.",
		],
		[
			"helm-3-leaves-the-crds",
			"Helm 3 leaves them as they are, unless something else applies them.",
			"Apply them first, as the commands at the end do.",
		],
		[
			"flux-replaces-crds-that-are-off",
			"crds.enabled is false in your values, so that Flux leaves them as they are, and nothing that was read here applies them.",
			"Move what applies the CRDs in the same change, or set crds.enabled: true.",
		],
		[
			"flux-creates-no-crds-that-are-off",
			"crds.enabled is false in your values",
			"or set crds.enabled: true and spec.upgrade.crds: CreateReplace in stack.yaml.",
		],
		["field-called-description-that-is-new", "Helm 3 leaves them", "Apply"],
	])("%s", (id, what, wayOut) => {
		expect(reasonsOfCase(id)).toContainEqual(
			expect.objectContaining({
				...{ id: "crds-left-behind", danger: "review" },
				what: expect.stringContaining(what),
				wayOut: expect.stringContaining(wayOut),
			}),
		);
	});
});

describe("CRDs that the new chart needs first", () => {
	test.each<[string, WantedTool, string, string]>([
		["with Helm", { tool: "helm3" }, "review", "Apply the new chart's CRDs"],
		[
			"with Argo CD",
			{ spec: {} },
			"note",
			"Argo CD applies the new CRDs first",
		],
		[
			"with Flux, replacing",
			{ tool: "flux", spec: { upgrade: { crds: "CreateReplace" } } },
			"note",
			"Flux applies the new CRDs first",
		],
		[
			"with Flux, not replacing",
			{ tool: "flux", spec: {} },
			"review",
			"Apply the new chart's CRDs",
		],
	])("%s", (_, tool, danger, wayOut) => {
		expect(reasonsOfCase("needed-first", tool)).toContainEqual(
			expect.objectContaining({
				...{ id: "crds-needed-first", danger },
				wayOut: expect.stringContaining(wayOut),
			}),
		);
	});
});

test.each<[string, WantedTool, string, string]>([
	[
		"Argo CD that prunes",
		{ spec: { syncPolicy: { automated: { prune: true } } } },
		"unsafe",
		"Argo CD prunes it: every object of its kind is deleted",
	],
	[
		"Argo CD that does not",
		{ spec: {} },
		"review",
		"because automated.prune is not set",
	],
	[
		"Argo CD that skips CRDs",
		{
			spec: { syncPolicy: { automated: { prune: true } } },
			helm: { skipCrds: true },
		},
		"review",
		"because Argo CD deletes no CRDs",
	],
	["Helm", { tool: "helm4" }, "review", "because Helm 4 deletes no CRDs"],
	["Flux", { tool: "flux" }, "review", "because Flux deletes no CRDs"],
])("a CRD that is gone, with %s", (_, tool, danger, words) => {
	const found = reasonsOfCase("gone", tool).find(({ id }) => id === "crd-gone");
	expect(found?.danger).toBe(danger);
	expect(found?.what).toContain(words);
});

test("CRDs that differ only in words are for nobody to decide", () => {
	expect(reasonsOfCase("crds-that-differ-only-in-words")).toContainEqual(
		expect.objectContaining({
			...{ id: "crds-left-behind", danger: "note" },
			what: expect.stringContaining("only in their descriptions"),
		}),
	);
});

describe("what a person says of the CRDs", () => {
	const leftBy = (id: string, byHand: CrdsByHand) => {
		const found = caseNamed(id);
		const { before, after } = sidesOf(found);
		const choice = choiceOfCase(found);
		if (!choice) throw new Error(`${id} names no tool`);
		return asToolDoesIt([], before, after, choice, byHand);
	};

	test("the command is there that applies them", () => {
		const command = "helm show crds a | kubectl apply";
		expect(leftBy("helm-3-leaves-the-crds", { command })).toMatchObject([
			{
				what: expect.stringContaining("unless you apply them first"),
				wayOut: expect.stringContaining(`Apply them first: ${command}`),
			},
		]);
	});

	test("with --apply-crds none stays", () => {
		const byHand = { applyCrds: true };
		expect(leftBy("helm-3-leaves-the-crds", byHand)).toEqual([]);
		expect(leftBy("flux-without-a-repository", byHand)).toEqual([]);
	});

	test("with --skip-crds they stay, whatever the tool does", () => {
		for (const id of ["flux-replaces-the-crds", "argo-brings-the-crds"])
			expect(leftBy(id, { skipCrds: true })).toMatchObject([
				{
					id: "crds-left-behind",
					what: expect.stringContaining("--skip-crds leaves them"),
				},
			]);
	});
});

test.each([
	["before there was one", "68.3.0", false],
	["since there is one", "68.4.0", true],
])("the chart's own job is a way out %s", (_, version, isThere) => {
	const { before, after } = sidesOf(caseNamed("helm-3-leaves-the-crds"));
	const choice = makeNamedChoice("helm3");
	const [left] = asToolDoesIt([], before, { ...after, version }, choice);
	expect(left?.wayOut.includes("crds.upgradeJob.enabled")).toBe(isThere);
});

test.each([
	["crds-that-leave-the-templates", "unsafe", "Flux deletes it"],
	["crd-gone-from-the-templates-with-argo", "review", "stays in the cluster"],
])("%s is %s", (id, danger, words) => {
	expect(reasonsOfCase(id)).toContainEqual(
		expect.objectContaining({
			...{ id: "crd-gone", danger },
			what: expect.stringContaining(words),
		}),
	);
});

test("where nothing says who applies the CRDs, nobody is said to leave them", () => {
	const { before, after } = sidesOf(
		caseNamed("flux-leaves-the-crds-by-default"),
	);
	const idsWith = (crds: Tool["crds"]) => {
		const tool = { ...makeHelm(3), crds };
		return asToolDoesIt([], before, after, {
			...{ tool, isNamed: false, before: tool, crdsSource: undefined },
		}).map(({ id }) => id);
	};
	expect(idsWith("kept")).toEqual(["crds-left-behind"]);
	expect(idsWith("unknown")).toEqual([]);
});
