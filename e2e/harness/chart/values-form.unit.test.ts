import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { readForm } from "./values-form.ts";

const own = { grafana: { adminPassword: "not-a-secret" } };
const helmRelease = {
	apiVersion: "helm.toolkit.fluxcd.io/v2",
	kind: "HelmRelease",
	metadata: { name: "stack" },
	spec: {
		chart: { spec: { chart: "kube-prometheus-stack", version: "80.0.0" } },
		values: own,
	},
};
const application = (helm: object, chart = "kube-prometheus-stack") => ({
	apiVersion: "argoproj.io/v1alpha1",
	kind: "Application",
	metadata: { name: "stack" },
	spec: { source: { chart, helm } },
});
const data = (kind: string, text: string) => ({
	apiVersion: "v1",
	kind,
	metadata: { name: "stack-values" },
	data: { "values.yaml": text },
});
const sops = { mac: "ENC[AES256_GCM,data:x,iv:x,tag:x,type:str]" };
const encrypted = (type = "str") =>
	`ENC[AES256_GCM,data:x,iv:x,tag:x,type:${type}]`;

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

test.each([
	[
		"a HelmRelease of another chart",
		{ ...helmRelease, spec: { chart: { spec: { chart: "loki" } } } },
		"of the chart loki and not of kube-prometheus-stack",
	],
	[
		"a HelmRelease with values elsewhere",
		{
			...helmRelease,
			spec: { valuesFrom: [{ kind: "ConfigMap", name: "base" }] },
		},
		"also takes values from ConfigMap base: npm run upgrade -- --repo <dir>",
	],
	[
		"an Application with value files",
		application({ valueFiles: ["$values/stack.yaml"] }),
		"also takes values from $values/stack.yaml",
	],
	[
		"two HelmReleases",
		`${stringify(helmRelease)}---\n${stringify(helmRelease)}`,
		"it holds 2 objects (HelmRelease stack, HelmRelease stack)",
	],
	[
		"another object",
		{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "a" } },
		"it is the Deployment a, an object of Kubernetes",
	],
	[
		"a ConfigMap without values",
		{ ...data("ConfigMap", ""), data: { note: "a" } },
		"it is the ConfigMap stack-values, with no values file in it",
	],
	[
		"a kustomization",
		{ configMapGenerator: [{ name: "a" }] },
		"it is a kustomization",
	],
	[
		"a Chart.yaml",
		{ apiVersion: "v2", name: "stack", version: "1.0.0" },
		"it is a chart's Chart.yaml",
	],
	[
		"a helmfile",
		{ releases: [{ name: "stack", chart: "a/b" }] },
		"it is a helmfile",
	],
	[
		"a fully encrypted file",
		{ grafana: { adminPassword: encrypted() }, sops },
		"encrypted by SOPS, every value of it",
	],
	["an Ansible vault", "$ANSIBLE_VAULT;1.1;AES256\n3839\n", "it is encrypted"],
	["a template", "a: {{ .Values.b }}\n{{ if .c }}\n", "it holds templates"],
	[
		"a configuration of Prometheus",
		{ scrape_configs: [{}] },
		"Prometheus itself",
	],
	[
		"a configuration of Alertmanager",
		{ route: {}, receivers: [{}] },
		"Alertmanager itself",
	],
	[
		"rules",
		{ groups: [{ name: "a", rules: [] }] },
		"a file of Prometheus' rules",
	],
	[
		"a dashboard",
		{ panels: [{}], schemaVersion: 39 },
		"a dashboard of Grafana",
	],
	["a patch", [{ op: "add" }], "it is a JSON patch"],
	["a list", ["a"], "is not a mapping of values"],
	["a text", "text\n", "is not a mapping of values"],
	["two documents", "a: 1\n---\nb: 2\n", "more than one YAML document"],
	["an archive", "\0\0", "it is a binary file"],
])("%s is no values file", (_, content, problem) => {
	const text = typeof content === "string" ? content : stringify(content);
	const form = readForm(text, "file.yaml");
	if (problem === undefined) expect(form).toMatchObject({ content: "{}\n" });
	else expect(form).toEqual({ problem: expect.stringContaining(problem) });
});

test("values of an umbrella chart are kept as they are written, too", () => {
	const text = stringify({ "kube-prometheus-stack": own, loki: {} });
	expect(readForm(text, "values.yaml")).toMatchObject({ asUmbrella: text });
});
