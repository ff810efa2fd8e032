import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { leaveOutStorageClasses, listLeftOut } from "./foreign-storage.ts";

const storageClass = (name: string, provisioner: string) => ({
	apiVersion: "storage.k8s.io/v1",
	kind: "StorageClass",
	metadata: { name },
	provisioner,
});
const other = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "x" } };
const longhorn = "driver.longhorn.io";
const values = (...extraManifests: readonly unknown[]) =>
	stringify({ extraManifests });

test("classes of a provisioner that does not run here are left out, and others stay", () => {
	const layers = [
		values(storageClass("replaced", longhorn)),
		values(
			storageClass("longhorn", longhorn),
			other,
			stringify(storageClass("longhorn-single", longhorn)),
			"kind: {{ .Values.kind }}",
			storageClass("scratch", "rancher.io/local-path"),
		),
	];
	const addition = leaveOutStorageClasses(layers);
	expect(parse(addition?.content ?? "")).toEqual({
		extraManifests: [
			other,
			"kind: {{ .Values.kind }}",
			storageClass("scratch", "rancher.io/local-path"),
		],
	});
	expect(addition?.changed).toEqual([
		"extraManifests=without StorageClass longhorn",
		"extraManifests=without StorageClass longhorn-single",
	]);
	expect(listLeftOut(layers)).toEqual(["longhorn", "longhorn-single"]);
});

test("the test's own name is always its own", () => {
	expect(
		listLeftOut([values(storageClass("longhorn", "rancher.io/local-path"))]),
	).toEqual(["longhorn"]);
});

test.each([
	["no list", [""]],
	["a map", [stringify({ extraManifests: { x: other } })]],
	["nothing of the kind", [values(other, "{{ ")]],
])("%s stays", (_, layers) => {
	expect(leaveOutStorageClasses(layers)).toBeUndefined();
	expect(listLeftOut(layers)).toEqual([]);
});
