import { expect, test } from "vitest";
import { findOneRelease } from "../find-one-release.ts";
import { findReleases } from "../find-releases.ts";
import { makeTree } from "../git/make-tree.ts";

const repositories = [
	{ name: "community", url: "https://charts.example.org" },
	{ name: "registry", url: "registry.example.org/charts", oci: true },
];
const release = {
	name: "stack",
	namespace: "monitoring",
	chart: "community/kube-prometheus-stack",
	version: "80.0.0",
};

test("a release has the chart of its repository, and values of files, maps and single settings", () => {
	const found = findOneRelease({
		"helmfile.yaml": {
			repositories,
			releases: [
				{
					...release,
					values: ["values.yaml", { b: 2, c: 2 }],
					set: [{ name: "c.d", value: "true" }],
				},
			],
		},
		"values.yaml": { a: 1, b: 1 },
	});
	expect(found).toMatchObject({
		deployer: "Helmfile",
		name: "stack",
		namespace: "monitoring",
		chart: {
			name: "kube-prometheus-stack",
			version: "80.0.0",
			source: "https://charts.example.org",
		},
		all: { a: 1, b: 2, c: { d: true } },
		place: { file: "helmfile.yaml", line: 8 },
		variant: "",
	});
});

test.each([
	["registry/kube-prometheus-stack"],
	["oci://registry.example.org/charts/kube-prometheus-stack"],
])("%s comes from a registry", (chart) => {
	const found = findOneRelease({
		"helmfile.yaml": { repositories, releases: [{ ...release, chart }] },
	});
	expect(found.chart.source).toBe(
		"oci://registry.example.org/charts/kube-prometheus-stack",
	);
});

test.each(["@", "//"])("a chart of Git is known by its tag, after %s", (at) => {
	const address = "git::https://git.example.org/charts.git";
	const chart = `${address}${at}charts/kube-prometheus-stack?ref=kube-prometheus-stack-80.0.0`;
	const found = findOneRelease({
		"helmfile.yaml": { releases: [{ ...release, version: undefined, chart }] },
	});
	expect(found.chart).toMatchObject({
		name: "kube-prometheus-stack",
		version: "80.0.0",
	});
});

test.each(["deploy/helmfile-monitoring.yaml", "monitoring.yaml.gotmpl"])(
	"%s is a helmfile by what is in it",
	(file) => {
		const { name } = findOneRelease({ [file]: { releases: [release] } });
		expect(name).toBe("stack");
	},
);

test("values with releases in them are no helmfile", () => {
	expect(
		findReleases(makeTree({ "values.yaml": { releases: [{ name: "a" }] } })),
	).toEqual([]);
});

test("releases may be made in a loop", () => {
	const found = findReleases(
		makeTree({
			"helmfile.yaml.gotmpl": `releases:
{{- range $name, $version := (dict "stack" "80.0.0" "other" "81.0.0") }}
  - name: {{ $name }}
    chart: community/kube-prometheus-stack
    version: {{ $version }}
{{- end }}
`,
		}),
	);
	expect(found.map(({ name, chart }) => [name, chart.version])).toEqual([
		["other", "81.0.0"],
		["stack", "80.0.0"],
	]);
});

test("each environment has a release, with its own values", () => {
	const found = findReleases(
		makeTree({
			"helmfile.yaml.gotmpl": `environments:
  test:
    values: [env/test.yaml]
  prod:
    values: [env/prod.yaml]
---
releases:
  - name: stack
    chart: community/kube-prometheus-stack
    version: {{ .Environment.Values.versions.stack }}
    values: ["values/{{ .Environment.Name }}.yaml"]
`,
			"env/test.yaml": { versions: { stack: "81.0.0" } },
			"env/prod.yaml": { versions: { stack: "80.0.0" } },
			"values/test.yaml": { a: 1 },
			"values/prod.yaml": { a: 2 },
		}),
	);
	expect(
		found.map(({ variant, chart, values }) => [
			variant,
			chart.version,
			values[0]?.content,
		]),
	).toEqual([
		["test", "81.0.0", "a: 1\n"],
		["prod", "80.0.0", "a: 2\n"],
	]);
});

test("templates of values look up what they can, and name the rest", () => {
	const { all, unknown } = findOneRelease({
		"helmfile.yaml": {
			releases: [{ ...release, values: ["values.yaml.gotmpl"] }],
		},
		"values.yaml.gotmpl": `host: {{ .Release.Name }}.{{ requiredEnv "DOMAIN" }}
size: {{ .Values.size | default 3 }}
{{- if eq .Environment.Name "default" }}
usual: true
{{- else }}
usual: false
{{- end }}
alert: "{{\`{{ $labels.instance }}\`}}"
`,
	});
	expect(all).toEqual({
		host: "stack.placeholder-domain",
		size: 3,
		usual: true,
		alert: "{{ $labels.instance }}",
	});
	expect(unknown).toEqual([
		'{{ requiredEnv "DOMAIN" }} is not known: placeholder-domain stands for it',
	]);
});

test("a template of a release, and files that may be missing", () => {
	const { all, unknown } = findOneRelease({
		"helmfile.yaml": {
			templates: {
				usual: {
					missingFileHandler: "Warn",
					values: ["values/{{`{{ .Release.Name }}`}}.yaml", "values/none.yaml"],
					secrets: ["secrets.yaml"],
				},
			},
			releases: [{ ...release, inherit: [{ template: "usual" }] }],
		},
		"values/stack.yaml": { a: 1 },
		"secrets.yaml": {
			grafana: { adminPassword: "ENC[AES256_GCM,data:x,type:str]" },
			sops: { mac: "x" },
		},
	});
	expect(all).toEqual({ a: 1 });
	expect(unknown).toEqual([
		"secrets.yaml is encrypted: its values are left out",
	]);
});

test("helmfiles that another one names are read once", () => {
	const found = findReleases(
		makeTree({
			"helmfile.yaml": {
				helmfiles: [{ path: "parts/*.yaml" }, { path: "sub/helmfile.yaml" }],
			},
			"parts/stack.yaml": { releases: [release] },
			"sub/helmfile.yaml": { releases: [{ ...release, name: "other" }] },
		}),
	);
	expect(found.map(({ name }) => name).sort()).toEqual(["other", "stack"]);
});

test.each([
	["^80.0.0", "80.4.2", "80.4.2", undefined],
	[undefined, "80.4.2", "80.4.2", undefined],
	["81.0.0", "80.4.2", "81.0.0", expect.stringContaining("run helmfile deps")],
])("of %s, a lock with %s makes %s", (wanted, locked, version, problem) => {
	const { chart } = findOneRelease({
		"helmfile.yaml": {
			repositories,
			releases: [{ ...release, version: wanted }],
		},
		"helmfile.lock": {
			dependencies: [{ name: "kube-prometheus-stack", version: locked }],
		},
	});
	expect(chart).toMatchObject({ version });
	expect(chart.problem).toEqual(problem);
});

test("what is not installed is no release", () => {
	expect(
		findReleases(
			makeTree({
				"helmfile.yaml": {
					releases: [
						{ ...release, installed: false },
						{ ...release, condition: "stack.enabled" },
					],
				},
			}),
		),
	).toEqual([]);
});
