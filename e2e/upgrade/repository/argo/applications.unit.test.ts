import { expect, test } from "vitest";
import { findOneRelease } from "../find-one-release.ts";
import { findReleases } from "../find-releases.ts";
import { makeTree } from "../git/make-tree.ts";
import {
	chartRepository,
	makeApplication,
	ownRepository,
} from "./make-application.ts";

const chart = "kube-prometheus-stack";
const elsewhere = (source: object) =>
	findReleases(
		makeTree({
			"stack.yaml": makeApplication({
				source: {
					repoURL: "https://github.com/prometheus-community/helm-charts",
					path: "charts/kube-prometheus-stack",
					...source,
				},
			}),
		}),
	).map(({ chart, unknown }) => [chart.name, chart.version, unknown.length]);

const withHelm = (helm: object, files: object = {}) =>
	findOneRelease({
		"stack.yaml": makeApplication({
			sources: [
				{
					...{ repoURL: chartRepository, chart, targetRevision: "80.0.0" },
					helm,
				},
				{ repoURL: ownRepository, ref: "own" },
			],
		}),
		...files,
	}).all;

test("a parameter may be kept a text", () => {
	const parameter = { name: "a.b", value: "8080" };
	expect(withHelm({ parameters: [parameter] })).toEqual({ a: { b: 8080 } });
	expect(
		withHelm({ parameters: [{ ...parameter, forceString: true }] }),
	).toEqual({ a: { b: "8080" } });
});

test("valuesObject stands for values, not over them", () => {
	expect(withHelm({ values: "a: 1\n", valuesObject: { b: 1 } })).toEqual({
		b: 1,
	});
	expect(withHelm({ values: "a: 1\n" })).toEqual({ a: 1 });
});

test("a pattern of value files is those that match, in their order", () => {
	const files = {
		"values/1.yaml": { a: 1, b: 1 },
		"values/2.yaml": { b: 2 },
		"other.yaml": { c: 1 },
	};
	expect(withHelm({ valueFiles: ["$own/values/*.yaml"] }, files)).toEqual({
		...{ a: 1, b: 2 },
	});
});

test.each([
	[{ targetRevision: "kube-prometheus-stack-80.0.0" }, "80.0.0", 0],
	[{ targetRevision: "refs/tags/kube-prometheus-stack-80.0.0" }, "80.0.0", 0],
	[{ targetRevision: "main" }, undefined, 1],
	[{}, undefined, 1],
])("the chart in its own Git repository: %j", (source, version, sentences) => {
	expect(elsewhere(source)).toEqual([
		["kube-prometheus-stack", version, sentences],
	]);
});

test("a folder of another repository is no chart", () => {
	const repoURL = "https://git.example.org/manifests";
	expect(elsewhere({ repoURL, path: "apps/monitoring" })).toEqual([]);
});

test("an Application has a chart, and parameters over an object over files", () => {
	const found = findOneRelease({
		"apps/stack.yaml": makeApplication({
			sources: [
				{ repoURL: ownRepository, targetRevision: "main", ref: "values" },
				{
					repoURL: chartRepository,
					chart,
					targetRevision: "80.0.0",
					helm: {
						valueFiles: ["$values/stack/values.yaml"],
						valuesObject: { c: 3, d: 3 },
						parameters: [{ name: "d", value: "4" }],
						skipCrds: true,
					},
				},
			],
		}),
		"stack/values.yaml": { a: 1, b: 1, c: 1, d: 1 },
	});
	expect(found).toMatchObject({
		deployer: "Argo CD",
		name: "stack",
		namespace: "monitoring",
		chart: { name: chart, version: "80.0.0", source: chartRepository },
		all: { a: 1, b: 1, c: 3, d: 4 },
		unknown: [],
		tool: { name: "argo", crds: "kept" },
	});
});

test("a registry without a scheme is one of OCI", () => {
	const { chart: read } = findOneRelease({
		"a.yaml": makeApplication({
			source: {
				repoURL: "registry.example.org/charts",
				chart,
				targetRevision: "80.0.0",
			},
		}),
	});
	expect(read.source).toBe(`oci://registry.example.org/charts/${chart}`);
});

test("a values file that is not there is named", () => {
	const { unknown } = findOneRelease({
		"a.yaml": makeApplication({
			source: {
				repoURL: chartRepository,
				chart,
				helm: { valueFiles: ["$other/values.yaml"] },
			},
		}),
	});
	expect(unknown).toEqual([
		"values.yaml is not in the repository: its values are left out",
	]);
});

test("a folder with a Chart.yaml is an umbrella chart", () => {
	const found = findOneRelease({
		"a.yaml": makeApplication({
			source: {
				repoURL: ownRepository,
				path: "system/metrics",
				helm: { valueFiles: ["values-prod.yaml"] },
			},
		}),
		"system/metrics/Chart.yaml": {
			name: "metrics",
			version: "0.0.0",
			dependencies: [
				{ name: chart, version: "80.0.0", repository: chartRepository },
			],
		},
		"system/metrics/values.yaml": { [chart]: { a: 1, b: 1 } },
		"system/metrics/values-prod.yaml": { [chart]: { b: 2 } },
	});
	expect(found).toMatchObject({
		deployer: "Argo CD",
		chart: { name: chart, version: "80.0.0" },
		all: { a: 1, b: 2 },
	});
});

test("a folder with charts of Kustomize is applied by Argo CD", () => {
	const found = findOneRelease({
		"a.yaml": makeApplication({
			source: { repoURL: ownRepository, path: "metrics" },
		}),
		"metrics/kustomization.yaml": {
			helmCharts: [{ name: chart, repo: chartRepository, version: "80.0.0" }],
		},
	});
	expect(found).toMatchObject({ deployer: "Argo CD", name: chart });
});

test("an Application in a chart of Applications looks its values up", () => {
	const { chart: read } = findOneRelease({
		"apps/Chart.yaml": { name: "apps", version: "0.0.0" },
		"apps/values.yaml": { stack: { version: "80.0.0" } },
		"apps/templates/stack.yaml": `{{- if .Values.stack }}
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: stack
spec:
  source:
    repoURL: ${chartRepository}
    chart: ${chart}
    targetRevision: {{ .Values.stack.version | quote }}
{{- end }}
`,
	});
	expect(read.version).toBe("80.0.0");
});
