import { expect, test } from "vitest";
import { findOneRelease } from "../find-one-release.ts";

const release = {
	name: "stack",
	chart: "community/kube-prometheus-stack",
	version: "80.0.0",
};

test.each([
	["a boolean", { set: [{ name: "a.b", value: false }] }, { a: { b: false } }],
	["a list", { set: [{ name: "a", values: ["x", 1] }] }, { a: ["x", 1] }],
	["a text", { setString: [{ name: "a", value: 8080 }] }, { a: "8080" }],
	["a file", { set: [{ name: "a", file: "a.txt" }] }, { a: "b\n" }],
	[
		"a template",
		{ setTemplate: [{ name: "a", value: "{{`{{ .Release.Name }}`}}" }] },
		{ a: "stack" },
	],
	[
		"a template of values",
		{ valuesTemplate: [{ a: "{{`{{ .Release.Name }}`}}" }] },
		{ a: "stack" },
	],
])("%s is set", (_, settings, all) => {
	const found = findOneRelease({
		"helmfile.yaml": { releases: [{ ...release, ...settings }] },
		"a.txt": "b\n",
	});
	expect(found).toMatchObject({ all, unknown: [] });
});

test.each(["strategicMergePatches", "jsonPatches", "transformers"])(
	"%s are not read, and compared",
	(key) => {
		const { unknown, unread } = findOneRelease({
			"helmfile.yaml": { releases: [{ ...release, [key]: [{ a: 1 }] }] },
		});
		expect(unknown).toEqual([
			`${key} change the rendered objects: they are left out`,
		]);
		expect(unread).toEqual([{ what: key, content: '[{"a":1}]' }]);
	},
);
