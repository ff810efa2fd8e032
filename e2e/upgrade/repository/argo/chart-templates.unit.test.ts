import { expect, test } from "vitest";
import { stringify } from "yaml";
import { findDifferences } from "../differences.ts";
import { findReleases } from "../find-releases.ts";
import { makeTree } from "../git/make-tree.ts";
import { makeApplication, ownRepository } from "./make-application.ts";

const application = (range: string, more = "") => `${range}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: {{ $name }}
spec:
  destination: {namespace: {{ $app.namespace | default "monitoring" }}}
  source:
    repoURL: {{ get $app "repoURL" | default $.Values.repoURL }}
    chart: {{ $app.chart | default $name | quote }}
    targetRevision: {{ index $app "version" }}
    {{- with $app.values }}
    helm:
      values: |
        {{- tpl (toYaml .) $ | nindent 8 }}
    {{- end }}
${more}{{- end }}
`;
const apps = {
	"kube-prometheus-stack": {
		version: "80.0.0",
		values: { a: "{{ .Values.domain }}" },
	},
	loki: { version: "6.0.0" },
};
const repoURL = "https://charts.example.org";
const chart = (
	template: string,
	values: object = { repoURL, apps, domain: "d" },
) => ({
	"root/Chart.yaml": { name: "root", version: "0.0.0" },
	"root/values.yaml": values,
	"root/templates/apps.yaml": template,
});
const read = (files: Parameters<typeof makeTree>[0]) => {
	const tree = makeTree(files);
	return { tree, releases: findReleases(tree) };
};
const overMap = application("{{- range $name, $app := .Values.apps }}");

test("a loop over a map makes an Application of each entry", () => {
	expect(read(chart(overMap)).releases).toMatchObject([
		{
			name: "kube-prometheus-stack",
			namespace: "monitoring",
			chart: { version: "80.0.0", source: repoURL },
			values: [{ content: "a: d\n" }],
			place: { file: "root/templates/apps.yaml", line: 4 },
			unknown: [],
		},
		{ name: "loki", chart: { version: "6.0.0" }, values: [] },
	]);
});

test("a loop over a list has a dot, and leaves out what is switched off", () => {
	const template = `{{- range .Values.apps }}
{{- if dig "enabled" true . }}
---
kind: Application
metadata: {name: {{ .name }}}
spec:
  source: {repoURL: {{ $.Values.repoURL }}, chart: {{ .name }}, targetRevision: {{ .version }}}
{{- end }}
{{- end }}
`;
	const list = [
		{ name: "kube-prometheus-stack", version: "80.0.0" },
		{ name: "loki", version: "6.0.0", enabled: false },
	];
	const { releases } = read(chart(template, { repoURL, apps: list }));
	expect(releases.map(({ name }) => name)).toEqual(["kube-prometheus-stack"]);
});

test("the Application that installs the chart says its values", () => {
	const values = stringify({ domain: "own", apps: { loki: null } });
	const { releases } = read({
		...chart(overMap),
		"root.yaml": makeApplication({
			source: { repoURL: ownRepository, path: "root", helm: { values } },
		}),
	});
	expect(
		releases
			.filter(({ name }) => name === "kube-prometheus-stack")
			.map(({ values: [first] }) => first?.content),
	).toEqual(["a: own\n"]);
});

test("a template that is more than can be read is named, and compared", () => {
	const template = (version: string) =>
		`{{- range $name, $app := (mustFindApps .Values "kube-prometheus-stack" ${version}) }}
kind: Application
{{- end }}
`;
	const [before, after] = [
		read(chart(template("80"))),
		read(chart(template("81"))),
	];
	expect(before.releases).toMatchObject([
		{
			chart: { name: "kube-prometheus-stack", problem: expect.any(String) },
			unknown: [
				"the template root/templates/apps.yaml is not read: what it installs is not known",
			],
		},
	]);
	expect(findDifferences(before, before)).toEqual([]);
	expect(findDifferences(before, after)).toMatchObject([{ isUnread: true }]);
});

test("a template that makes nothing is no release", () => {
	const template = `{{- if .Values.enabled }}\n${overMap}{{- end }}\n`;
	expect(read(chart(template, { enabled: false, apps })).releases).toEqual([]);
});
