import { expect, test } from "vitest";
import { makeKustomize } from "../../tools/kustomize.ts";
import { choiceOfCase, makeSide } from "../cases/read-cases.ts";
import { reasonsOfCase, type WantedTool } from "../cases/reasons-of-case.ts";
import { asToolDoesIt } from "./as-tool-does-it.ts";

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
			...{ tool, isNamed: false, before: tool, crdsSource: undefined },
		}),
	).toMatchObject([
		{ id: "random-anew", what: expect.stringContaining("each time") },
		{ id: "hook-elsewhen", what: expect.stringContaining("like any other") },
	]);
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
