import { expect, test } from "vitest";
import { nameOf } from "../../../../clients/kube-objects.ts";
import { isDeletedAt, makeSyncWaves } from "./sync-waves.ts";

const make = (
	kind: string,
	name: string,
	annotations: Record<string, string> = {},
) => ({ apiVersion: "v1", kind, metadata: { name, annotations } });

const hook = (name: string, events: string, more = {}) =>
	make("Job", name, { "helm.sh/hook": events, ...more });

const wavesOf = (...rendered: ReturnType<typeof make>[]) =>
	makeSyncWaves(rendered).map(({ phase, wave, objects, hooks }) =>
		[phase, wave, ...objects.map(nameOf), ...hooks.map(nameOf)].join(" "),
	);

test("objects are one wave, with namespaces and CRDs first and pods last", () => {
	expect(
		wavesOf(
			make("Deployment", "a"),
			make("Prometheus", "b"),
			make("ConfigMap", "c"),
			make("CustomResourceDefinition", "d"),
			make("Namespace", "e"),
		),
	).toEqual([
		"Sync 0 Namespace/e CustomResourceDefinition/d ConfigMap/c Prometheus/b Deployment/a",
	]);
});

test("Helm's hooks are those of Argo CD, by their weights", () => {
	expect(
		wavesOf(
			make("ConfigMap", "a"),
			hook("late", "post-install,post-upgrade"),
			hook("second", "pre-upgrade", { "helm.sh/hook-weight": "1" }),
			hook("first", "pre-install,pre-upgrade", {
				"helm.sh/hook-weight": "-5",
			}),
			hook("both", "pre-upgrade,post-upgrade"),
		),
	).toEqual([
		"PreSync -5 Job/first",
		"PreSync 0 Job/both",
		"PreSync 1 Job/second",
		"Sync 0 ConfigMap/a",
		"PostSync 0 Job/late Job/both",
	]);
});

test("what Argo CD has no equivalent for never runs", () => {
	expect(
		wavesOf(
			hook("tests", "test"),
			hook("back", "pre-rollback"),
			make("Job", "none", { "argocd.argoproj.io/hook": "Skip" }),
			make("Job", "failing", { "argocd.argoproj.io/hook": "SyncFail" }),
		),
	).toEqual([]);
});

test("Argo CD's own annotations win", () => {
	expect(
		wavesOf(
			hook("a", "pre-upgrade", {
				"argocd.argoproj.io/hook": "PostSync, Sync",
				"helm.sh/hook-weight": "2",
				"argocd.argoproj.io/sync-wave": "3",
			}),
			make("ConfigMap", "b", { "argocd.argoproj.io/sync-wave": "-1" }),
		),
	).toEqual(["Sync -1 ConfigMap/b", "Sync 3 Job/a", "PostSync 3 Job/a"]);
});

test.each([
	[{}, ["beforehookcreation"]],
	[
		{ "helm.sh/hook-delete-policy": "before-hook-creation,hook-succeeded" },
		["beforehookcreation", "hooksucceeded"],
	],
	[
		{
			"helm.sh/hook-delete-policy": "hook-succeeded",
			"argocd.argoproj.io/hook-delete-policy": "HookFailed",
		},
		["hookfailed"],
	],
])("a hook with %j is deleted at %j", (annotations, moments) => {
	const all = ["beforehookcreation", "hooksucceeded", "hookfailed"] as const;
	expect(
		all.filter((each) => isDeletedAt(make("Job", "a", annotations), each)),
	).toEqual(moments);
});
