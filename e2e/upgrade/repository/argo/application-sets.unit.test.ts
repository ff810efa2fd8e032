import { expect, test } from "vitest";
import { parse } from "yaml";
import { findOneRelease } from "../find-one-release.ts";
import { findReleases } from "../find-releases.ts";
import { makeTree } from "../git/make-tree.ts";
import {
	chartRepository,
	makeApplication,
	ownRepository,
} from "./make-application.ts";

const chart = "kube-prometheus-stack";
const applicationSet = (
	generators: object[],
	spec: object,
	more: object = {},
) => ({
	...makeApplication({}),
	kind: "ApplicationSet",
	spec: { generators, template: makeApplication(spec), ...more },
});

test("a list makes an Application of each element", () => {
	const found = findReleases(
		makeTree({
			"set.yaml": applicationSet(
				[
					{
						list: {
							elements: [
								{ cluster: "a", version: "80.0.0" },
								{ cluster: "b", version: "81.0.0" },
							],
						},
					},
				],
				{
					source: {
						repoURL: chartRepository,
						chart,
						targetRevision: "{{version}}",
						helm: { valueFiles: ["$values/{{cluster}}.yaml"] },
					},
				},
			),
			"a.yaml": { a: 1 },
			"b.yaml": { b: 1 },
		}),
	);
	expect(
		found.map(({ variant, chart: { version }, values }) => [
			variant,
			version,
			parse(values[0]?.content ?? ""),
		]),
	).toEqual([
		["a 80.0.0", "80.0.0", { a: 1 }],
		["b 81.0.0", "81.0.0", { b: 1 }],
	]);
});

test.each([
	["older templates", false, "{{path}}", "{{path.basename}}"],
	["Go's templates", true, "{{ .path.path }}", "{{ .path.basename | quote }}"],
])("folders make Applications, with %s", (_, goTemplate, path, basename) => {
	const set = applicationSet(
		[
			{
				git: {
					directories: [
						{ path: "system/*" },
						{ path: "system/off", exclude: true },
					],
				},
			},
		],
		{
			destination: { namespace: basename.replace(" | quote", "") },
			source: { repoURL: ownRepository, path },
		},
		{ goTemplate },
	);
	const umbrella = {
		name: "a",
		version: "0.0.0",
		dependencies: [
			{ name: chart, version: "80.0.0", repository: chartRepository },
		],
	};
	const found = findReleases(
		makeTree({
			"set.yaml": set,
			"system/metrics/Chart.yaml": umbrella,
			"system/off/values.yaml": {},
		}),
	);
	expect(found).toMatchObject([
		{ deployer: "Argo CD", namespace: "metrics", chart: { version: "80.0.0" } },
	]);
});

test("what a generator does not say here is a placeholder", () => {
	const { all, unknown } = findOneRelease({
		"set.yaml": applicationSet(
			[{ plugin: { configMapRef: { name: "secrets" } } }],
			{
				source: {
					repoURL: chartRepository,
					chart,
					helm: {
						valuesObject: {
							host: "{{ .grafana_hostname }}",
							alert: "{{`{{ $labels.instance }}`}}",
						},
					},
				},
			},
			{ goTemplate: true },
		),
	});
	expect(all).toEqual({
		host: "placeholder-grafana-hostname",
		alert: "{{ $labels.instance }}",
	});
	expect(unknown).toEqual([
		"{{ .grafana_hostname }} is not known: placeholder-grafana-hostname stands for it",
	]);
});

test("older templates leave what they do not know", () => {
	const { all } = findOneRelease({
		"set.yaml": applicationSet([{ clusters: {} }], {
			source: {
				repoURL: chartRepository,
				chart,
				helm: { values: "alert: '{{ $labels.instance }}'\n" },
			},
		}),
	});
	expect(all).toEqual({ alert: "{{ $labels.instance }}" });
});

test("an ApplicationSet may be a value of Argo's own chart", () => {
	const { deployer, name } = findOneRelease({
		"argocd/values.yaml": {
			"argocd-apps": {
				applicationsets: {
					root: applicationSet(
						[{ git: { directories: [{ path: "system/*" }] } }],
						{
							source: { repoURL: ownRepository, path: "{{path}}" },
						},
					).spec,
				},
			},
		},
		"system/metrics/Chart.yaml": {
			name: "a",
			version: "0.0.0",
			dependencies: [
				{ name: chart, version: "80.0.0", repository: chartRepository },
			],
		},
	});
	expect({ deployer, name }).toEqual({ deployer: "Argo CD", name: "stack" });
});
