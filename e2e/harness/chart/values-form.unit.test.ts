import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { projectPath } from "../../common/paths.ts";
import { stackKeys } from "./stack-keys.ts";
import { readForm } from "./values-form.ts";
import {
	makeSampleApplication as application,
	makeSampleData as data,
	makeSampleCiphertext as encrypted,
	sampleHelmRelease as helmRelease,
	operatorValues as operators,
	sampleValues as own,
	sampleSops as sops,
} from "./values-samples.ts";

const valuesText = stringify(own);
const base64 = Buffer.from(valuesText).toString("base64");

test.each([
	["plain values", own, own, undefined],
	["values in JSON", JSON.stringify(own), own, undefined],
	["a HelmRelease", helmRelease, own, "it is the HelmRelease stack"],
	[
		"a HelmRelease beside its repository",
		`${stringify({ apiVersion: "v1", kind: "HelmRepository" })}---\n${stringify(helmRelease)}`,
		own,
		"without the other document in it",
	],
	[
		"an Application with an object",
		application({ valuesObject: own }),
		own,
		"it is the Application stack",
	],
	[
		"an Application with a text",
		application({ values: valuesText }),
		own,
		"it is the Application stack",
	],
	[
		"values under the chart's name",
		{ "kube-prometheus-stack": own, loki: {}, global: { a: 1 } },
		{ ...own, global: { a: 1 } },
		"nested under kube-prometheus-stack, as those of an umbrella chart; loki are left out",
	],
	[
		"values under an alias",
		{ monitoring: own },
		own,
		"nested under monitoring",
	],
	[
		"values under an alias beside another chart",
		{ monitoring: own, loki: { gateway: {} }, global: { a: 1 } },
		{ ...own, global: { a: 1 } },
		"nested under monitoring, as those of an umbrella chart; loki are left out",
	],
	[
		"values under an alias beside the chart of Grafana",
		{ grafana: { replicas: 1 }, monitoring: operators },
		operators,
		"nested under monitoring, as those of an umbrella chart; grafana are left out",
	],
	[
		"values two levels deep",
		{ spec: { interval: "1h", values: own } },
		own,
		"nested under spec.values",
	],
	[
		"values of the stack beside what it does not know",
		{ ...operators, shared: { grafana: { a: 1 } } },
		{ ...operators, shared: { grafana: { a: 1 } } },
		undefined,
	],
	[
		"a key of many charts",
		{ commonLabels: { a: "b" } },
		{ commonLabels: { a: "b" } },
		undefined,
	],
	[
		"an Application whose apiVersion is missing",
		{ ...application({ valuesObject: own }), apiVersion: undefined },
		own,
		"it is the Application stack",
	],
	[
		"a HelmRelease with keys that the stack does not know",
		{ ...helmRelease, spec: { ...helmRelease.spec, values: { a: 1 } } },
		{ a: 1 },
		"it is the HelmRelease stack",
	],
	[
		"a HelmRelease of an umbrella chart",
		{
			...helmRelease,
			spec: {
				chart: { spec: { chart: "./charts/all" } },
				values: { "kube-prometheus-stack": own },
			},
		},
		own,
		"it is the HelmRelease stack: its spec.values are read; its values are nested",
	],
	[
		"a ConfigMap",
		data("ConfigMap", valuesText),
		own,
		"its values.yaml is read",
	],
	["a Secret", data("Secret", base64), own, "its values.yaml is read"],
	[
		"values that SOPS has encrypted in part",
		{
			grafana: {
				adminPassword: encrypted(),
				replicas: encrypted("int"),
				enabled: true,
			},
			sops,
		},
		{
			grafana: {
				adminPassword: "placeholder-adminpassword",
				replicas: 1,
				enabled: true,
			},
		},
		"placeholders stand for grafana.adminPassword, grafana.replicas",
	],
	[
		"a HelmRelease without values",
		{ ...helmRelease, spec: {} },
		{},
		"these are the chart's own defaults",
	],
	["an empty file", "# nothing yet\n", null, "it is empty"],
	[
		"what helm get values prints",
		`USER-SUPPLIED VALUES:\n${valuesText}`,
		own,
		undefined,
	],
])("%s are read", (_, content, expected, readAs) => {
	const text = typeof content === "string" ? content : stringify(content);
	const form = readForm(text, "file.yaml");
	expect(form).toMatchObject(
		readAs === undefined ? {} : { readAs: expect.stringContaining(readAs) },
	);
	if ("problem" in form) throw new Error(form.problem);
	if (readAs === undefined) expect(form.readAs).toBeUndefined();
	expect(parse(form.content)).toEqual(expected);
});

test("the embedded chart has no other keys", () => {
	const file = projectPath("stack/charts/kube-prometheus-stack/values.yaml");
	const values: object = parse(readFileSync(file, "utf8"));
	expect(Object.keys(values).filter((key) => !stackKeys.has(key))).toEqual([]);
});

test("values of an umbrella chart are kept as they are written, too", () => {
	const text = stringify({ "kube-prometheus-stack": own, loki: {} });
	expect(readForm(text, "values.yaml")).toMatchObject({ asUmbrella: text });
});

test.each([
	["a switch", "grafana:\n  enabled: {{ .Values.grafana }}\n", "line 2"],
	["an item", "a: 1\ngrafana: { plugins: [{{ .Values.a }}] }\n", "line 2"],
	["a loop", "{{- range .Values.a }}\na: 1\n{{- end }}\n", "line"],
])("a template is no values: %s", (_, text, line) => {
	const form = readForm(text, "values.yaml.gotmpl");
	expect(form).toEqual({
		problem: expect.stringMatching(`it holds templates .*${line}.*render it`),
	});
});

test.each([
	["a text that the chart renders", "grafana: { a: '{{ .Release.Name }}' }\n"],
	[
		"a template of Alertmanager",
		'alertmanager:\n  templateFiles:\n    a.tmpl: |-\n      {{ define "a" }}\n      {{ end }}\n',
	],
	["a comment", "# {{ .Values.a }}\ngrafana: { enabled: true }\n"],
	["an empty map and a nested one", "grafana: { a: {}, b: {c: {d: {}}} }\n"],
])("%s is an ordinary value", (_, text) => {
	const form = readForm(text, "values.yaml");
	expect(form).toEqual({ content: text });
});
