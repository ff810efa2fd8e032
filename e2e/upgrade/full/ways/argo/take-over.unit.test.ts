import { expect, test } from "vitest";
import { startStandInCluster } from "../stand-in/cluster.ts";
import { takeOver, withOwner } from "./take-over.ts";

const helm = { manager: "helm", operation: "Update", fieldsV1: { a: {} } };
const operator = { manager: "operator", operation: "Update" };

test("Argo CD owns what Helm installed, and others what they set", () => {
	expect(withOwner([operator, helm])).toEqual([
		{ manager: "argocd-controller", operation: "Apply", fieldsV1: { a: {} } },
		operator,
	]);
});

test("it has one entry, also if it applied before", () => {
	expect(
		withOwner([{ manager: "argocd-controller", operation: "Apply" }, helm]),
	).toEqual([{ ...helm, manager: "argocd-controller", operation: "Apply" }]);
});

test("what nobody installed here stays as it is", () => {
	const entries = [operator, { ...helm, subresource: "status" }];
	expect(withOwner(entries)).toBe(entries);
});

test("objects are changed that exist and are owned by an installer", async () => {
	const make = (name: string, managedFields: readonly unknown[]) => ({
		...{ apiVersion: "v1", kind: "ConfigMap" },
		metadata: { name, managedFields },
	});
	const { kube, changes } = await startStandInCluster([
		make("a", [helm]),
		make("b", [operator]),
	]);
	await takeOver(
		kube,
		[make("a", []), make("b", []), make("new", [])],
		"monitoring",
	);
	expect(changes).toEqual([
		`/api/v1/namespaces/monitoring/configmaps/a ${JSON.stringify({ metadata: { managedFields: [{ ...helm, manager: "argocd-controller", operation: "Apply" }] } })}`,
	]);
});
