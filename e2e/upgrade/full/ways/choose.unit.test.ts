import { expect, test } from "vitest";
import { stringify } from "yaml";
import { makeArgo } from "../../tools/argo.ts";
import { makeTool, type ToolChoice } from "../../tools/choice.ts";
import { makeFlux } from "../../tools/flux.ts";
import { makeHelm } from "../../tools/helm.ts";
import { makeKustomize } from "../../tools/kustomize.ts";
import { type Tool, toolNames } from "../../tools/tool.ts";
import { apiVersionsFlag } from "./argo.ts";
import { areCrdsFirst, type CrdsWish, makeWay } from "./choose.ts";
import { fluxFlags } from "./flux.ts";
import { helmComponentOf } from "./helm-component.ts";
import { wayOutOf } from "./refusals.ts";
import { startStandInCluster } from "./stand-in/cluster.ts";
import { makeRecordingKubectl } from "./stand-in/kubectl.ts";
import type { WayChart } from "./way.ts";

const choiceOf = (tool: Tool, more: Partial<ToolChoice> = {}): ToolChoice => ({
	...{ tool, isNamed: true, before: undefined, crdsSource: undefined },
	...more,
});
const unsaid: CrdsWish = { skipCrds: false, applyCrds: false };

const crd = (name: string) => ({
	apiVersion: "apiextensions.k8s.io/v1",
	kind: "CustomResourceDefinition",
	metadata: { name },
	status: { conditions: [{ type: "Established", status: "True" }] },
});
const configMap = (name: string) => ({
	...{ apiVersion: "v1", kind: "ConfigMap" },
	metadata: { name },
});

/** What a tool does on an upgrade and back. */
async function moved(
	choice: ToolChoice | undefined,
	wish: Partial<CrdsWish> = {},
) {
	const { kubectl, calls } = makeRecordingKubectl();
	const { kube } = await startStandInCluster([crd("old")]);
	let revision = 1;
	const chart = (name: string, crds: readonly string[]): WayChart => ({
		crds: crds.map((each) => `---\n${stringify(crd(each))}`).join(""),
		helm: {
			install: async (_, _values, flags = []) => {
				calls.push(["install", name, ...flags].join(" "));
				revision += 1;
			},
			revision: async () => revision,
			rollback: async (_, to) => {
				calls.push(`rollback to ${to}`);
				revision += 1;
			},
			crds: async () => "",
			render: async ({ flags = [] }) => {
				calls.push(
					["render", name, ...flags.filter((each) => !/api-/.test(each))].join(
						" ",
					),
				);
				return stringify(configMap(name));
			},
		},
	});
	const way = makeWay(
		choice,
		{ ...unsaid, ...wish },
		{
			...{ kube, namespace: "monitoring", kubeVersion: "1.34.1" },
			kubeconfig: "",
			charts: { from: chart("a", ["old"]), to: chart("b", ["old", "new"]) },
			connectKubectl: async () => kubectl,
			waitUntilHealthy: async () => undefined,
			stage: (name, action) => {
				calls.push(`stage ${name}`);
				return action();
			},
		},
	);
	await way.installAgain();
	calls.splice(0);
	await way.upgrade();
	calls.push(`then ${way.back}`);
	await way.rollBack();
	return calls;
}

const byHelm = [
	"stage helm upgrade",
	"install b",
	"then helm rollback",
	"rollback to 2",
];

test("the chart's guide applies the CRDs and runs Helm", async () => {
	expect(await moved(undefined)).toEqual(["stage CRDs", ...byHelm]);
	expect(await moved(undefined, { skipCrds: true })).toEqual(byHelm);
});

test.each([3, 4] as const)("Helm %i leaves the CRDs", async (major) => {
	const choice = choiceOf(makeHelm(major));
	expect(await moved(choice)).toEqual(byHelm);
	const wish = { applyCrds: true };
	expect(await moved(choice, wish)).toEqual(["stage CRDs", ...byHelm]);
});

test("Flux creates the CRDs that are missing, and upgrades back", async () => {
	const render = (name: string) => `render ${name} --include-crds --skip-tests`;
	expect(await moved(choiceOf(makeTool("flux")))).toEqual([
		"stage helm upgrade by Flux",
		render("b"),
		"create CustomResourceDefinition/new",
		"wait CustomResourceDefinition/new",
		"install b --force-conflicts",
		"then helm upgrade by Flux to the old revision",
		render("a"),
		"install a --force-conflicts",
	]);
	const spec = { upgrade: { crds: "CreateReplace", disableHooks: true } };
	const replaced = await moved(choiceOf(makeFlux(spec, undefined, "2.7.0")));
	expect(replaced).toEqual([
		"stage helm upgrade by Flux",
		render("b"),
		"create CustomResourceDefinition/new",
		"replace CustomResourceDefinition/old",
		"wait CustomResourceDefinition/old CustomResourceDefinition/new",
		"install b --no-hooks",
		"then helm upgrade by Flux to the old revision",
		render("a"),
		"replace CustomResourceDefinition/old",
		"wait CustomResourceDefinition/old",
		"install a --no-hooks",
	]);
	const skip = { upgrade: { crds: "Skip" } };
	expect(await moved(choiceOf(makeFlux(skip, undefined)))).not.toContain(
		render("b"),
	);
});

const settings = {
	place: { file: "a.yaml", line: 1 },
	...{ kind: "Application", name: "a", namespace: "argocd" },
};

test("Argo CD brings the CRDs, and syncs back", async () => {
	const old = "CustomResourceDefinition/old";
	const added = "CustomResourceDefinition/new";
	expect(await moved(choiceOf(makeTool("argo")))).toEqual([
		"stage argocd app sync",
		"render b --skip-tests --include-crds",
		`apply ${old} ${added}`,
		`wait ${old} ${added}`,
		"apply ConfigMap/b",
		"then argocd app sync of the old revision",
		"render a --skip-tests --include-crds",
		`apply ${old}`,
		`wait ${old}`,
		"apply ConfigMap/a",
	]);
});

test("Argo CD prunes only if it is told to", async () => {
	const argo = (spec: Record<string, unknown>) =>
		choiceOf(makeArgo({ syncPolicy: spec }, { skipCrds: true }, settings));
	const prunes = await moved(argo({ automated: { prune: true } }));
	expect(prunes).toEqual([
		"stage argocd app sync",
		"render b --skip-tests",
		"delete ConfigMap/a",
		"apply ConfigMap/b",
		"then argocd app sync of the old revision",
		"render a --skip-tests",
		"delete ConfigMap/b",
		"apply ConfigMap/a",
	]);
	expect(await moved(argo({}))).not.toContain("delete ConfigMap/a");
});

test("with --skip-crds no tool brings CRDs", async () => {
	for (const name of toolNames) {
		const calls = await moved(choiceOf(makeTool(name)), { skipCrds: true });
		expect(calls.join("\n")).not.toMatch(/CustomResource|include-crds|CRDs/);
	}
});

test.each<[string, ToolChoice | undefined, boolean]>([
	["nobody says what", undefined, true],
	["Kustomize leaves it open", choiceOf(makeKustomize(true)), true],
	["nobody says of CRDs", choiceOf({ ...makeHelm(3), crds: "unknown" }), true],
	["Helm is named", choiceOf(makeHelm(3)), false],
	[
		"another chart moves them",
		choiceOf(makeHelm(3), {
			crdsSource: { name: "crds", before: "1.0.0", after: "2.0.0" },
		}),
		true,
	],
	[
		"another chart does not move them",
		choiceOf(makeHelm(3), {
			crdsSource: { name: "crds", before: "1.0.0", after: "1.0.0" },
		}),
		false,
	],
])("it is known whether the CRDs come first where %s", (_, choice, isFirst) => {
	expect(areCrdsFirst(choice, unsaid)).toBe(isFirst);
	expect(areCrdsFirst(choice, { ...unsaid, skipCrds: true })).toBe(false);
	expect(areCrdsFirst(choice, { ...unsaid, applyCrds: true })).toBe(true);
});

test.each<[string, Tool | undefined, string]>([
	["no tool", undefined, "helm"],
	["Helm 3", makeTool("helm3"), "helm"],
	["Helm 4", makeTool("helm4"), "helm4"],
	["Flux", makeTool("flux"), "helm4"],
	["an old Flux", makeFlux({}, undefined, "v2.7.5"), "helm"],
	["Argo CD", makeTool("argo"), "helm"],
])("%s upgrades with its Helm", (_, tool, component) => {
	expect(helmComponentOf(tool)).toBe(component);
});

test("only Flux with Helm 4 can force conflicts", () => {
	expect(fluxFlags(makeTool("flux"))).toEqual(["--force-conflicts"]);
	expect(fluxFlags(makeFlux({}, undefined, "v2.7.5"))).toEqual([]);
});

test("Argo CD's Helm is told what the cluster serves", () => {
	const served = { apiVersion: "apps/v1", kind: "Deployment" };
	expect(apiVersionsFlag({ kinds: [served, served] })).toBe(
		"--api-versions=apps/v1,apps/v1/Deployment",
	);
});

test.each([
	["a: metadata.annotations: Too long: may", "ServerSideApply=true"],
	['Apply failed with 2 conflicts: conflicts with "a"', "for this upgrade"],
	["hooks failed: no\nApply failed with 2 conflicts:", "forceConflicts: true"],
	["spec.selector: Invalid value: field is immutable", "--cascade=orphan"],
	['duplicate entries for key [name="A"]', "Remove one of the two"],
])("of %j the way out is known", (words, wayOut) => {
	expect(wayOutOf(words)).toContain(wayOut);
	expect(wayOutOf("timed out")).toBeUndefined();
});
