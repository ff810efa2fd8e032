import { expect, test } from "vitest";
import { besideInFiles, type MadeFiles } from "./made-beside.ts";

const name = "kube-prometheus-stack";
const umbrella = (templates: MadeFiles): MadeFiles => ({
	"all/Chart.yaml": {
		...{ name: "all", version: "0.1.0" },
		dependencies: [{ name, version: "80.0.0" }],
	},
	"all/values.yaml": {
		[name]: { grafana: { admin: { existingSecret: "all-admin" } } },
		isOn: true,
	},
	...Object.fromEntries(
		Object.entries(templates).map(([file, content]) => [
			`all/templates/${file}`,
			content,
		]),
	),
});
const admin =
	"{{ if .Values.isOn }}\napiVersion: v1\nkind: Secret\nmetadata: { name: {{ .Release.Name }}-admin }\nstringData: { a: b }\n{{ end }}";
const ingress = (host: string, version = "1") =>
	`kind: Ingress\nmetadata: { name: web, labels: { v: "${version}", c: {{ .Chart.Version }} } }\nspec: { rules: [{ host: ${host} }] }`;

test.each<
	[string, MadeFiles, MadeFiles, Partial<ReturnType<typeof besideInFiles>>]
>([
	[
		"a Secret of an umbrella chart that is deleted",
		umbrella({ "a.yaml": admin }),
		umbrella({}),
		{ before: ["Secret all-admin"], after: [], differs: true },
	],
	[
		"one that may be in a template that cannot be read",
		umbrella({ "a.yaml": admin }),
		umbrella({ "b.yaml": "{{ range .Files.Glob `a` }}\na: b\n{{ end }}" }),
		{ before: [], after: [] },
	],
	[
		"one with a file that is not read",
		umbrella({}),
		umbrella({
			"a.yaml":
				"kind: Secret\nmetadata: { name: all-admin }\ndata: { a: {{ .Files.Get `a` | b64enc }} }",
		}),
		{ after: ["Secret all-admin"], texts: [{ a: "placeholder-a" }] },
	],
	[
		"an Ingress of an umbrella chart that changes",
		umbrella({ "i.yaml": ingress("a") }),
		umbrella({ "i.yaml": ingress("b") }),
		{ unread: ["Ingress web of all/templates/i.yaml"] },
	],
	[
		"one with other comments and labels",
		umbrella({ "i.yaml": ingress("a") }),
		umbrella({ "i.yaml": `# Why.\n${ingress("a", "2")}` }),
		{ unread: [] },
	],
	[
		"one that is new",
		umbrella({}),
		umbrella({ "i.yaml": ingress("b") }),
		{ unread: [] },
	],
])("%s", (_, before, after, expected) => {
	expect(besideInFiles(before, after)).toMatchObject(expected);
});
