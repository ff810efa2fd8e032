import { expect, test } from "vitest";
import { makeSide } from "../../plan/cases/read-cases.ts";
import type { Side } from "../../plan/charts/side.ts";
import { makeArgo } from "../../tools/argo.ts";
import { makeFlux } from "../../tools/flux.ts";
import { choiceFound, choiceNamed, linesOf, settingsOf } from "./make-lines.ts";

test("Flux that was named changes the version and the CRDs' policy", () => {
	const choice = choiceNamed("flux");
	expect(linesOf({ choice, reasons: ["crds-left-behind"] })).toEqual([
		"# replace stack by your HelmRelease, monitoring by its namespace",
		"# in your HelmRelease:",
		" spec:",
		"   chart:",
		"     spec:",
		"-      version: 78.5.0",
		"+      version: 79.12.0",
		"# in your HelmRelease:",
		" spec:",
		"+  upgrade:",
		"+    crds: CreateReplace",
		"# merge the change; Flux upgrades within its interval, or at once:",
		"flux reconcile helmrelease stack --namespace monitoring --with-source",
	]);
	expect(linesOf({ choice, source: "oci://example.org/stack" })).toContain(
		"+    tag: 79.12.0",
	);
	expect(linesOf({ choice, source: "charts/stack" }).join("\n")).not.toContain(
		"79.12.0",
	);
	expect(linesOf({ choice, values: ["new.yaml"] })).toContain(
		"# its values become those of new.yaml",
	);
});

test("Flux of a repository only changes what is not in the change", () => {
	const tool = makeFlux({}, settingsOf("HelmRelease", "monitoring"));
	const flux = { deployer: "Flux", choice: choiceFound(tool) };
	const merge = [
		"# merge the change; Flux upgrades within its interval, or at once:",
		"flux reconcile helmrelease kps --namespace monitoring --with-source",
	];
	expect(linesOf(flux)).toEqual(merge);
	expect(linesOf({ ...flux, reasons: ["crds-left-behind"] })).toEqual([
		"# in apps/stack.yaml, HelmRelease monitoring/kps:",
		" spec:",
		"+  upgrade:",
		"+    crds: CreateReplace",
		...merge,
	]);
	const name = "prometheus-operator-crds";
	const crdsSource = { name, before: "17.0.2", after: "17.0.2" };
	expect(
		linesOf({
			...flux,
			choice: choiceFound(tool, { crdsSource }),
			reasons: ["crds-left-behind"],
		}),
	).toEqual([
		"# move prometheus-operator-crds in the same change, before the chart",
		...merge,
	]);
});

test("Flux changes what is written of the CRDs", () => {
	const left = (spec: object, after?: Side) => {
		const tool = makeFlux({ ...spec }, settingsOf("HelmRelease", "monitoring"));
		return linesOf({
			...{ deployer: "Flux", choice: choiceFound(tool) },
			...{ reasons: ["crds-left-behind"], ...(after && { after }) },
		});
	};
	expect(left({ upgrade: { crds: "Skip" } })).toContain("-    crds: Skip");
	const off = makeSide([], { values: { crds: { enabled: false } } });
	const lines = left({ upgrade: { crds: "CreateReplace" } }, off);
	expect(lines.join("\n")).toContain("# set crds.enabled: true in its values");
	expect(lines.join("\n")).not.toContain("CreateReplace");
});

test("Argo CD that was named changes the version and how it applies", () => {
	expect(
		linesOf({ choice: choiceNamed("argo"), reasons: ["apply-too-large"] }),
	).toEqual([
		"# replace stack by your Application, monitoring by its namespace",
		"# in your Application:",
		" spec:",
		"   source:",
		"-    targetRevision: 78.5.0",
		"+    targetRevision: 79.12.0",
		"   syncPolicy:",
		"     syncOptions:",
		"+      - ServerSideApply=true",
		"# merge the change; see it before, and sync it if that is not automated:",
		"argocd app diff stack",
		"argocd app sync stack",
	]);
});

test("Argo CD of a repository only changes what is not in the change", () => {
	const application = makeArgo({}, {}, settingsOf("Application", "argocd"));
	const argo = { deployer: "Argo CD", choice: choiceFound(application) };
	const sync = [
		"# merge the change; see it before, and sync it if that is not automated:",
		"argocd app diff kps",
		"argocd app sync kps",
	];
	expect(linesOf(argo)).toEqual(sync);
	expect(linesOf({ ...argo, reasons: ["not-pruned"] })).toEqual([
		...sync,
		expect.stringMatching(/^# .*: argocd app sync kps --prune$/),
	]);
	const set = makeArgo({}, {}, settingsOf("ApplicationSet", "argocd"));
	expect(
		linesOf({
			...argo,
			choice: choiceFound(set),
			reasons: ["apply-too-large"],
		}),
	).toEqual([
		"# in apps/stack.yaml, ApplicationSet argocd/kps:",
		" spec:",
		"   template:",
		"     spec:",
		"       syncPolicy:",
		"         syncOptions:",
		"+          - ServerSideApply=true",
		...sync,
	]);
});
