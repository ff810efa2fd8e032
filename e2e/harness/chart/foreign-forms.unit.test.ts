import { expect, test } from "vitest";
import { stringify } from "yaml";
import { readForm } from "./values-form.ts";
import {
	makeSampleApplication as application,
	makeSampleData as data,
	makeSampleCiphertext as encrypted,
	sampleHelmRelease as helmRelease,
	sampleValues as own,
	sampleSops as sops,
} from "./values-samples.ts";

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
	["a list", ["a"], "is not a mapping of keys to values"],
	[
		"values of nothing that is known",
		{ foo: { bar: 1 } },
		"has no key of kube-prometheus-stack, but foo",
	],
	[
		"a ConfigMap of another chart",
		data("ConfigMap", "replicas: 1\n"),
		"has no key of kube-prometheus-stack, but replicas",
	],
	["values under two aliases", { a: own, b: own }, "may be those under a or b"],
	[
		"a file of Docker Compose",
		{ services: { a: { image: "b" } } },
		"Docker Compose",
	],
	[
		"a workflow",
		{ on: "push", jobs: { a: { "runs-on": "b" } } },
		"a workflow of CI",
	],
	[
		"Renovate's configuration",
		{ $schema: "https://docs.renovatebot.com/renovate-schema.json" },
		"Renovate's",
	],
	[
		"a helmfile whose releases inherit their chart",
		{ releases: [{ name: "stack", inherit: [{ template: "a" }] }] },
		"it is a helmfile",
	],
	["a text", "text\n", "is not a mapping of keys to values"],
	["two documents", "a: 1\n---\nb: 2\n", "more than one YAML document"],
	["an archive", "\0\0", "it is a binary file"],
])("%s is no values file", (_, content, problem) => {
	const text = typeof content === "string" ? content : stringify(content);
	const form = readForm(text, "file.yaml");
	if (problem === undefined) expect(form).toMatchObject({ content: "{}\n" });
	else expect(form).toEqual({ problem: expect.stringContaining(problem) });
});
