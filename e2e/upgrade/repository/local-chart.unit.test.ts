import { expect, test } from "vitest";
import { findDifferences } from "./differences.ts";
import { findOneRelease } from "./find-one-release.ts";
import { findReleases } from "./find-releases.ts";
import { makeTree } from "./git/make-tree.ts";

const name = "kube-prometheus-stack";
const dependency = {
	name,
	version: "80.0.0",
	repository: "https://charts.example.org",
};
const chart = (...dependencies: object[]) => ({
	apiVersion: "v2",
	name: "metrics",
	version: "0.1.0",
	dependencies,
});

test("an umbrella chart is what it depends on, with the values under its name", () => {
	expect(
		findOneRelease({
			"metrics/Chart.yaml": chart(dependency),
			"metrics/values.yaml": {
				global: { imageRegistry: "r" },
				[name]: { a: 1 },
				loki: { b: 1 },
			},
		}),
	).toMatchObject({
		name: "metrics",
		chart: { name, version: "80.0.0", source: dependency.repository },
		all: { a: 1, global: { imageRegistry: "r" } },
		place: { file: "metrics/Chart.yaml" },
	});
});

test("an alias has its own values, and names the objects", () => {
	const { all } = findOneRelease({
		"metrics/Chart.yaml": chart({ ...dependency, alias: "prom" }),
		"metrics/values.yaml": { prom: { a: 1 }, [name]: { a: 2 } },
	});
	expect(all).toEqual({ nameOverride: "prom", a: 1 });
});

test.each([
	[{ condition: "prom.enabled" }, { prom: { enabled: false } }, 0],
	[{ condition: "prom.enabled" }, { prom: { enabled: true } }, 1],
	[{ condition: "prom.enabled" }, {}, 1],
	[{ condition: "a.b,prom.enabled" }, { prom: { enabled: false } }, 0],
	[{ tags: ["monitoring"] }, { tags: { monitoring: false } }, 0],
])("%j with %j is installed %d times", (more, values, count) => {
	const found = findReleases(
		makeTree({
			"metrics/Chart.yaml": chart({ ...dependency, ...more }),
			"metrics/values.yaml": values,
		}),
	);
	expect(found).toHaveLength(count);
});

test("a lock says which version a range is", () => {
	const found = findOneRelease({
		"metrics/Chart.yaml": chart({ ...dependency, version: "^80.0.0" }),
		"metrics/Chart.lock": {
			dependencies: [{ ...dependency, version: "80.4.2" }],
		},
	});
	expect(found.chart.version).toBe("80.4.2");
});

test.each([
	["another version", [{ ...dependency, version: "79.0.0" }]],
	["none", []],
])("a lock that has %s is a problem", (_, dependencies) => {
	const files = {
		"metrics/Chart.yaml": chart(dependency),
		"metrics/Chart.lock": { dependencies },
	};
	expect(findOneRelease(files).chart).toMatchObject({
		version: "80.0.0",
		problem: expect.stringContaining("run helm dependency update metrics"),
	});
	const packed = { [`metrics/charts/${name}-80.0.0.tgz`]: "" };
	const { problem, path } = findOneRelease({ ...files, ...packed }).chart;
	expect(problem).toBeUndefined();
	expect(path).toBe(`metrics/charts/${name}-80.0.0.tgz`);
});

test("a lock that does not keep up makes a difference", () => {
	const read = (version: string) => {
		const tree = makeTree({
			"metrics/Chart.yaml": chart({ ...dependency, version }),
			"metrics/Chart.lock": { dependencies: [dependency] },
		});
		return { tree, releases: findReleases(tree) };
	};
	expect(findDifferences(read("80.0.0"), read("81.0.0"))).toMatchObject([
		{ isUnread: false, after: { chart: { version: "81.0.0" } } },
	]);
});

test("a chart in the repository is taken from there", () => {
	const own = {
		"metrics/Chart.yaml": chart(dependency),
		[`metrics/charts/${name}/Chart.yaml`]: { name, version: "80.0.0" },
		[`metrics/charts/${name}/values.yaml`]: {},
	};
	expect(findOneRelease(own).chart).toMatchObject({
		path: `metrics/charts/${name}`,
		version: "80.0.0",
	});
});

test("a chart that depends on nothing is not installed only because it is there", () => {
	expect(findReleases(makeTree({ "own/Chart.yaml": chart() }))).toEqual([]);
});

test("a chart that another one takes by its path is no release of its own", () => {
	const dependency = { name: "kube-prometheus-stack", version: "80.0.0" };
	const found = findReleases(
		makeTree({
			"inner/Chart.yaml": { name: "inner", dependencies: [dependency] },
			"outer/Chart.yaml": {
				name: "outer",
				dependencies: [{ name: "inner", repository: "file://../inner" }],
			},
		}),
	);
	expect(found.map(({ name }) => name)).toEqual(["outer"]);
});
