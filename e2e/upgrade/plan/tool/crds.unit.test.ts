import { describe, expect, test } from "vitest";
import { makeHelm } from "../../tools/helm.ts";
import type { Tool } from "../../tools/tool.ts";
import { sidesOf } from "../cases/read-cases.ts";
import {
	caseNamed,
	reasonsOfCase,
	type WantedTool,
} from "../cases/reasons-of-case.ts";
import { asToolDoesIt } from "./as-tool-does-it.ts";

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
