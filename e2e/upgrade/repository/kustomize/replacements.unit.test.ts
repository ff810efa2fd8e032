import { expect, test } from "vitest";
import { findOneRelease } from "../find-one-release.ts";
import { makeHelmRelease } from "../flux/make-objects.ts";

const versions = {
	apiVersion: "v1",
	kind: "ConfigMap",
	metadata: { name: "versions" },
	data: { stack: "81.0.0", image: "v1:v2" },
};
const target = (fieldPath: string, options: object = {}) => ({
	targets: [
		{ select: { kind: "HelmRelease" }, fieldPaths: [fieldPath], options },
	],
});
const source = (fieldPath: string, options: object = {}) => ({
	source: { kind: "ConfigMap", name: "versions", fieldPath, options },
});
const version = "spec.chart.spec.version";
const replaced = (replacements: object[], more: object = {}) =>
	findOneRelease({
		"apps/kustomization.yaml": {
			resources: ["stack.yaml", "versions.yaml"],
			replacements,
		},
		"apps/stack.yaml": makeHelmRelease({
			values: { list: [{ name: "a", tag: "b-c" }] },
		}),
		"apps/versions.yaml": versions,
		...more,
	});

test.each([
	[[{ ...source("data.stack"), ...target(version) }], {}],
	[
		[{ path: "version.yaml" }],
		{
			"apps/version.yaml": { ...source("data.stack"), ...target(version) },
		},
	],
	[[{ sourceValue: "81.0.0", ...target(version) }], {}],
])("the version may be a copy: %j", (entries, more) => {
	expect(replaced(entries, more).chart.version).toBe("81.0.0");
});

test.each([
	[
		"a part of a text",
		{
			...source("data.image", { delimiter: ":", index: 1 }),
			...target("spec.values.list.[name=a].tag", { delimiter: "-", index: 1 }),
		},
		{ list: [{ name: "a", tag: "b-v2" }] },
	],
	[
		"every element, with what is new",
		{
			sourceValue: 1,
			...target("spec.values.list.*.new", { create: true }),
		},
		{ list: [{ name: "a", tag: "b-c", new: 1 }] },
	],
	[
		"no object that is rejected",
		{
			sourceValue: "d",
			targets: [
				{
					select: { kind: "HelmRelease" },
					reject: [{ name: "stack" }],
					fieldPaths: ["spec.values.list.0.tag"],
				},
			],
		},
		{ list: [{ name: "a", tag: "b-c" }] },
	],
])("a replacement changes %s", (_, entry, all) => {
	expect(replaced([entry])).toMatchObject({ all, unknown: [] });
});

test("the name of a Namespace may be copied, after it is changed", () => {
	const { namespace, name } = findOneRelease({
		"apps/kustomization.yaml": {
			namespace: "metrics",
			resources: ["stack.yaml", "namespace.yaml"],
			replacements: [
				{
					source: { kind: "Namespace", fieldPath: "metadata.name" },
					...target("spec.targetNamespace", { create: true }),
				},
			],
		},
		"apps/stack.yaml": makeHelmRelease({}),
		"apps/namespace.yaml": { kind: "Namespace", metadata: { name: "any" } },
	});
	expect([namespace, name]).toEqual(["metrics", "metrics-stack"]);
});

test("what is copied from nowhere is a sentence", () => {
	const entry = {
		source: { kind: "ConfigMap", name: "nowhere", fieldPath: "data.a" },
		...target(version),
	};
	expect(replaced([entry]).unknown).toEqual([
		`what replacements put into ${version} is not known: it is left out`,
	]);
});
