import { expect, test } from "vitest";
import { isAskedFor, neverReadRoots } from "./unread-roots.ts";
import { leavesOf, printPath } from "./values.ts";

test.each([
	["{{ if .Values.crds.create }}", true],
	["{{ if .Values.create }}", true],
	["{{ with .Values.crds }}{{ .create }}{{ end }}", true],
	["{{ $crds.create }}", true],
	['{{ dig "crds" "create" false .Values }}', true],
	["{{ if .Values.serviceAccount.create }}", false],
	["{{ .Values.crds.created }}", false],
	['{{ if .Values.rbac }}\nverbs: ["get", "create"]\n{{ end }}', false],
])("%s asks for crds.create: %s", (templates, asks) => {
	expect(isAskedFor({ templates }, ["crds", "create"])).toBe(asks);
});

const templates = `{{ .Values.storage.enabled }} {{ .Values.storage.size }}
{{ range .Values.targets }}{{ if .enabled }}{{ .url }}{{ end }}{{ end }}
{{ with .Values.crds }}{{ .create }}{{ end }}`;

test.each([
	[
		"a parent that nothing reads, with a key that many have",
		{ storge: { enabled: true, size: 1 } },
		["storge"],
	],
	[
		"the same below another parent",
		{ storage: { mroe: { enabled: true, size: 1 } } },
		["storage.mroe"],
	],
	[
		"a key of the person's own, below an empty default",
		{ targets: { a: { enabled: true, url: "b" } } },
		[],
	],
	["a parent that is asked for", { crds: { create: true } }, []],
	[
		"one key of it that is not",
		{ crds: { create: true, cerate: true } },
		["crds.cerate"],
	],
])("%s", (_, values, expected) => {
	const defaults = { storage: { enabled: false }, targets: {} };
	const paths = leavesOf(values).map(({ path }) => path);
	expect(
		neverReadRoots(paths, { values, defaults, templates }).map(([root]) =>
			printPath(root),
		),
	).toEqual(expected);
});
