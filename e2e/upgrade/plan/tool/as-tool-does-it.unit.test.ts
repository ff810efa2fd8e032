import { describe, expect, test } from "vitest";
import { flatten } from "../../reasons.ts";
import { makeHelm } from "../../tools/helm.ts";
import { makeKustomize } from "../../tools/kustomize.ts";
import type { Tool } from "../../tools/tool.ts";
import {
	type ComparisonCase,
	choiceOfCase,
	makeSide,
	readCases,
	sidesOf,
} from "../cases/read-cases.ts";
import { compareSides } from "../compare.ts";
import { asToolDoesIt } from "./as-tool-does-it.ts";

const tables = readCases();
const cases = new Map(
	["tools", "crds"]
		.flatMap((name) => tables.get(name) ?? [])
		.map((each) => [each.id, each]),
);
type WantedTool = Partial<NonNullable<ComparisonCase["with"]>>;

/** All reasons of a case of plan/cases/, upgraded with what it says or with something else. */
function reasonsOfCase(id: string, instead?: WantedTool) {
	const found = cases.get(id);
	if (!found) throw new Error(`there is no case ${id}`);
	const { before, after } = sidesOf(found);
	const choice = choiceOfCase(
		instead ? { with: { tool: "argo", helm: {}, ...instead } } : found,
	);
	const reasons = compareSides(before, after);
	return flatten(
		choice ? asToolDoesIt(reasons, before, after, choice) : reasons,
	);
}

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

test("a CRD that is gone is only pruned by Argo CD, if it is told to", () => {
	const dangerWith = (tool: WantedTool) =>
		reasonsOfCase("gone", tool).find(({ id }) => id === "crd-gone")?.danger;
	const pruning = { syncPolicy: { automated: { prune: true } } };
	expect(dangerWith({ spec: pruning })).toBe("unsafe");
	expect(dangerWith({ spec: {} })).toBe("review");
	expect(dangerWith({ tool: "helm4" })).toBe("review");
});

test.each<[string, WantedTool | undefined, string, string, string]>([
	["too-large-for-argo", undefined, "apply-too-large", "unsafe", "stack.yaml"],
	["too-large-for-argo", {}, "apply-too-large", "review", "unless Server"],
	[
		"two-variables-of-one-name-with-helm-4",
		undefined,
		"apply-duplicates",
		"review",
		"if the release was installed server-side",
	],
	[
		"two-variables-of-one-name-with-helm-4",
		{ spec: { syncPolicy: { syncOptions: ["ServerSideApply=true"] } } },
		"apply-duplicates",
		"unsafe",
		"Deployment/monitoring/grafana: env A of grafana",
	],
	[
		"autoscaler-beside-replicas-with-helm-4",
		undefined,
		"apply-conflicts",
		"review",
		"Helm 4 stops there with a conflict",
	],
	[
		"autoscaler-beside-replicas-with-helm-4",
		{ tool: "flux", spec: {} },
		"apply-conflicts",
		"note",
		"Flux sets it back to 2",
	],
	[
		"autoscaler-beside-replicas-as-before-with-helm-4",
		undefined,
		"apply-conflicts",
		"note",
		"Helm 4 stops there with a conflict",
	],
	[
		"volume-claim-with-argo",
		undefined,
		"volume-claim-gone",
		"unsafe",
		"Prune=false before the sync",
	],
	[
		"random-password-with-argo",
		undefined,
		"random-anew",
		"review",
		"it is made anew at each sync.",
	],
	[
		"random-password-as-before-with-argo",
		undefined,
		"random-anew",
		"note",
		"at each sync, as with the old chart.",
	],
	["argo-without-pruning", undefined, "not-pruned", "note", "prune is not set"],
	["argo-without-pruning", {}, "not-pruned", "note", "unless automated.prune"],
	[
		"argo-prunes-what-helm-keeps",
		undefined,
		"pruned-although-kept",
		"unsafe",
		"Prune=false before the sync",
	],
	[
		"hook-that-argo-runs-at-each-sync",
		undefined,
		"hook-elsewhen",
		"note",
		"as PreSync at each sync, not only for pre-install",
	],
	[
		"hook-that-argo-has-no-equivalent-for",
		undefined,
		"hook-ignored",
		"review",
		"it never runs",
	],
	[
		"job-that-stops-at-a-conflict",
		undefined,
		"crds-job-conflicts",
		"review",
		"forceConflicts: true",
	],
])("%s with %j: %s is %s", (id, instead, reason, danger, words) => {
	const found = reasonsOfCase(id, instead).find((each) => each.id === reason);
	expect(found?.danger).toBe(danger);
	expect(
		[found?.what, found?.wayOut, ...(found?.evidence ?? [])].join("\n"),
	).toContain(words);
});

test("Kustomize leaves hooks and random content to whoever applies it", () => {
	const sides = [
		makeSide([], {}),
		makeSide([], {
			objects: [{ kind: "Secret", name: "grafana" }],
			hooks: [
				{
					...{ kind: "Job", name: "patch" },
					annotations: { "helm.sh/hook": "post-upgrade" },
				},
			],
			unstable: ["Secret/monitoring/grafana"],
		}),
	];
	const [before, after] = sides;
	if (!before || !after) throw new Error("there are two sides");
	const tool = makeKustomize(false);
	expect(
		asToolDoesIt([], before, after, {
			...{ tool, isNamed: false, before: tool, crdsChart: undefined },
		}),
	).toMatchObject([
		{ id: "random-anew", what: expect.stringContaining("each time") },
		{ id: "hook-elsewhen", what: expect.stringContaining("like any other") },
	]);
});

test("where nothing says who applies the CRDs, nobody is said to leave them", () => {
	const found = cases.get("flux-leaves-the-crds-by-default");
	if (!found) throw new Error("there is no such case");
	const { before, after } = sidesOf(found);
	const idsWith = (crds: Tool["crds"]) => {
		const tool = { ...makeHelm(3), crds };
		return asToolDoesIt([], before, after, {
			...{ tool, isNamed: false, before: tool, crdsChart: undefined },
		}).map(({ id }) => id);
	};
	expect(idsWith("kept")).toEqual(["crds-left-behind"]);
	expect(idsWith("unknown")).toEqual([]);
});

test("what works on beside its successor is for a person to decide", () => {
	const sides = ["old", "new"].map((name) =>
		makeSide([], { objects: [{ kind: "PrometheusRule", name, spec: {} }] }),
	);
	const [before, after] = sides;
	const choice = choiceOfCase({ with: { tool: "argo", spec: {}, helm: {} } });
	if (!before || !after || !choice) throw new Error("there are two sides");
	expect(asToolDoesIt([], before, after, choice)).toMatchObject([
		{
			id: "not-pruned",
			danger: "review",
			evidence: ["PrometheusRule/monitoring/old"],
		},
	]);
});
