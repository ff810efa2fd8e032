import { expect, test } from "vitest";
import type { Manifest } from "../../../../clients/kube-objects.ts";
import { startStandInCluster } from "../stand-in/cluster.ts";
import { makeRecordingKubectl } from "../stand-in/kubectl.ts";
import { applyMethodOf } from "./apply.ts";
import { syncObjects } from "./sync.ts";

const versions: Readonly<Record<string, string>> = {
	CustomResourceDefinition: "apiextensions.k8s.io/v1",
	Deployment: "apps/v1",
	Job: "batch/v1",
};
const make = (
	kind: string,
	name: string,
	annotations: Record<string, string> = {},
	status?: unknown,
): Manifest => ({
	apiVersion: versions[kind] ?? "v1",
	kind,
	metadata: { name, annotations },
	...(status !== undefined && { status }),
});
const ended = (type: string, reason?: string) => ({
	conditions: [{ type, status: "True", ...(reason && { reason }) }],
});
const hook = (name: string, event: string, status: unknown) =>
	make(
		"Job",
		name,
		{
			"helm.sh/hook": event,
			"helm.sh/hook-delete-policy": "before-hook-creation,hook-succeeded",
		},
		status,
	);

async function sync(
	rendered: readonly Manifest[],
	{
		gone = [],
		apply = "client-side",
		pods = [],
		...answers
	}: {
		readonly gone?: readonly Manifest[];
		readonly apply?: "client-side" | "server-side" | "replaced";
		readonly pods?: readonly Manifest[];
	} & Parameters<typeof makeRecordingKubectl>[0] = {},
) {
	const { kubectl, calls } = makeRecordingKubectl(answers);
	const { kube } = await startStandInCluster([...rendered, ...pods]);
	const namespace = "monitoring";
	const waitUntilHealthy = async () => {
		calls.push("healthy");
	};
	const said = await syncObjects(
		{ kube, kubectl, namespace, apply, waitUntilHealthy },
		rendered,
		gone,
	).catch(String);
	return { calls, said };
}

const crd = make("CustomResourceDefinition", "a");
const configMap = make("ConfigMap", "b");

test("a sync runs its hooks, prunes, applies and waits in Argo CD's order", async () => {
	const { calls, said } = await sync(
		[
			crd,
			configMap,
			hook("pre", "pre-upgrade", ended("Complete")),
			hook("post", "post-upgrade", ended("Complete")),
		],
		{ gone: [make("ConfigMap", "old")] },
	);
	expect(said).toBeUndefined();
	expect(calls).toEqual([
		"delete Job/pre",
		"apply Job/pre",
		"delete ConfigMap/old",
		"apply CustomResourceDefinition/a",
		"wait CustomResourceDefinition/a",
		"apply ConfigMap/b",
		"healthy",
		"delete Job/post",
		"apply Job/post",
		"delete Job/pre Job/post",
	]);
});

test("an object that is refused does not stop its wave, but the sync", async () => {
	const tooLong =
		'The CustomResourceDefinition "a" is invalid: metadata.annotations: Too long: may not be more than 262144 bytes';
	const { calls, said } = await sync(
		[crd, configMap, hook("post", "post-upgrade", ended("Complete"))],
		{ refused: { "apply CustomResourceDefinition/a": tooLong } },
	);
	expect(calls).toEqual([
		"apply CustomResourceDefinition/a",
		"apply ConfigMap/b",
	]);
	expect(said).toBe(
		`SetUpError: argocd app sync failed: one or more objects failed to apply: kubectl apply failed: ${tooLong}`,
	);
});

test("a hook that fails ends the sync with what its log says", async () => {
	const { calls, said } = await sync(
		[
			configMap,
			hook("pre", "pre-upgrade", ended("Failed", "BackoffLimitExceeded")),
		],
		{ pods: [make("Pod", "pre-x")] },
	);
	expect(calls).toEqual(["delete Job/pre", "apply Job/pre"]);
	expect(said).toContain("a PreSync hook was unsuccessful: Job/pre");
	expect(said).toContain("BackoffLimitExceeded: its log says: one; two");
});

test("server-side apply forces", async () => {
	const { calls } = await sync([crd, configMap], { apply: "server-side" });
	expect(calls).toEqual([
		"apply --server-side CustomResourceDefinition/a",
		"wait CustomResourceDefinition/a",
		"apply --server-side ConfigMap/b",
	]);
});

test("Replace=true replaces what exists and creates the rest", async () => {
	const { calls } = await sync(
		[make("ConfigMap", "b"), make("ConfigMap", "c")],
		{ apply: "replaced", existing: "ConfigMap   monitoring   c\n" },
	);
	expect(calls).toEqual([
		"get ConfigMap/b ConfigMap/c",
		"replace ConfigMap/c",
		"create ConfigMap/b",
	]);
});

test.each([
	["client-side", "", "client-side"],
	["inherited", "", "client-side"],
	["client-side", "Prune=false, ServerSideApply=true", "server-side"],
	["server-side", "ServerSideApply=false", "client-side"],
	["server-side", "Replace=true", "replaced"],
	["replaced", "ServerSideApply=false", "replaced"],
] as const)("%s with %j is %s", (usual, options, method) => {
	const object = make("ConfigMap", "a", {
		"argocd.argoproj.io/sync-options": options,
	});
	expect(applyMethodOf(object, usual)).toBe(method);
});
