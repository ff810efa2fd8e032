import { expect, test } from "vitest";
import { findReleases } from "../find-releases.ts";
import { makeTree } from "../git/make-tree.ts";
import { chartRepository, makeApplication } from "./make-application.ts";

const chart = "kube-prometheus-stack";
const applicationSet = (generators: object[], spec: object) => ({
	...makeApplication({}),
	kind: "ApplicationSet",
	spec: { generators, template: makeApplication(spec) },
});

const versioned = (targetRevision: string, name = "{{name}}-kps") => ({
	source: {
		...{ repoURL: chartRepository, chart, targetRevision },
		helm: { releaseName: name },
	},
});
const setOf = (...generators: object[]) =>
	findReleases(
		makeTree({
			"set.yaml": applicationSet(generators, versioned("{{values.v}}")),
		}),
	).map((each) => [each.variant, each.name, each.chart.version, each.unknown]);
const sentence =
	"{{name}} of the generator is not known: placeholder-name stands for it";

test("of clusters, the values are known, and a name is a placeholder", () => {
	expect(setOf({ clusters: { values: { v: "80.0.0" } } })).toEqual([
		["", "placeholder-name-kps", "80.0.0", [sentence]],
	]);
});

test("clusters are told apart by what selects them", () => {
	const clusters = (env: string, v: string) => ({
		clusters: { selector: { matchLabels: { env } }, values: { v } },
	});
	expect(setOf(clusters("test", "81.0.0"), clusters("prod", "80.0.0"))).toEqual(
		[
			["env=test", "placeholder-name-kps", "81.0.0", [sentence]],
			["env=prod", "placeholder-name-kps", "80.0.0", [sentence]],
		],
	);
});

const list = (...elements: object[]) => ({ list: { elements } });

test("merged generators are joined by their keys", () => {
	const merged = setOf({
		merge: {
			mergeKeys: ["name"],
			generators: [
				list(
					{ name: "a", "values.v": "80.0.0" },
					{ name: "b", "values.v": "80.0.0" },
				),
				list({ name: "b", "values.v": "81.0.0" }),
			],
		},
	});
	expect(merged.map(([, ...rest]) => rest)).toEqual([
		["a-kps", "80.0.0", []],
		["b-kps", "81.0.0", []],
	]);
});

test("where clusters are merged with exceptions, either may be", () => {
	const merged = setOf({
		merge: {
			mergeKeys: ["server"],
			generators: [
				{ clusters: { values: { v: "80.0.0" } } },
				list({ server: "https://b", values: { v: "81.0.0" } }),
			],
		},
	});
	expect(merged.map(([, , version]) => version)).toEqual(["80.0.0", "81.0.0"]);
});

test("the second generator of a matrix uses what the first makes", () => {
	const found = findReleases(
		makeTree({
			"set.yaml": applicationSet(
				[
					{
						matrix: {
							generators: [
								list({ env: "test" }),
								{ git: { files: [{ path: "env/{{env}}.json" }] } },
							],
						},
					},
				],
				versioned("{{v}}", "kps"),
			),
			"env/test.json": JSON.stringify([{ v: "81.0.0" }]),
			"env/prod.json": { v: "80.0.0" },
		}),
	);
	expect(found.map((each) => each.chart.version)).toEqual(["81.0.0"]);
});
