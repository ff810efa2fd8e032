import { expect, test } from "vitest";
import { findCrdsSource } from "./crds-source.ts";
import { findReleases } from "./find-releases.ts";
import { makeHelmRelease } from "./flux/make-objects.ts";
import { makeTree } from "./git/make-tree.ts";

const read = (files: Parameters<typeof makeTree>[0]) => {
	const tree = makeTree({ "a.yaml": makeHelmRelease({}), ...files });
	return { tree, releases: findReleases(tree) };
};

const crdsChart = (version?: string) => {
	if (version === undefined) return {};
	const chart = makeHelmRelease({}, "crds");
	Object.assign(chart.spec.chart.spec, {
		...{ chart: "prometheus-operator-crds", version },
	});
	return { "b.yaml": chart };
};

test.each([
	["no such chart", undefined, undefined, undefined],
	["one that moves", "17.0.2", "18.0.0", { before: "17.0.2", after: "18.0.0" }],
	["one that stays", "17.0.2", "17.0.2", { before: "17.0.2", after: "17.0.2" }],
	["a new one", undefined, "18.0.0", { before: "", after: "18.0.0" }],
	["one that goes", "17.0.2", undefined, { before: "17.0.2", after: "" }],
])("the chart of CRDs: %s", (_, old, now, found) => {
	const source = findCrdsSource(read(crdsChart(old)), read(crdsChart(now)));
	expect(source).toEqual(
		found && { name: "prometheus-operator-crds", ...found },
	);
});

test("the chart of CRDs in two clusters has one version", () => {
	const readTwo = (version: string) => {
		const [other = {}] = Object.values(crdsChart(version));
		Object.assign(other, { metadata: { name: "crds", namespace: "second" } });
		return read({ ...crdsChart(version), "c.yaml": other });
	};
	expect(findCrdsSource(readTwo("17.0.2"), readTwo("18.0.0"))).toMatchObject({
		...{ before: "17.0.2", after: "18.0.0" },
	});
});

const operator = "https://raw.example.org/prometheus-operator";
const file = "example/prometheus-operator-crd/monitoring_probes.yaml";
const urls = (version: string) => ({
	"crds/kustomization.yaml": {
		resources: [`${operator}/prometheus-operator/${version}/${file}`],
	},
});
const script = (version: string) => ({
	"up.sh": `VERSION=${version}\nkubectl apply --server-side -f ${operator}/$VERSION/${file}\n`,
});
const application = (targetRevision: string) => ({
	"crds.yaml": {
		kind: "Application",
		spec: {
			source: {
				repoURL: "https://git.example.org/helm-charts.git",
				path: "charts/kube-prometheus-stack/charts/crds/crds",
				targetRevision,
			},
		},
	},
});
const gitRepository = (tag: string) => ({
	"source.yaml": { kind: "GitRepository", spec: { ref: { tag } } },
	"crds.yaml": {
		kind: "Kustomization",
		spec: { path: "./charts/kube-prometheus-stack/crds" },
	},
});

test.each([
	["manifests of the operator", urls, "v0.80.0", "v0.81.0"],
	["a script", script, "v0.80.0", "v0.81.0"],
	[
		"an Application",
		application,
		"kube-prometheus-stack-80.0.0",
		"kube-prometheus-stack-81.0.0",
	],
	[
		"a GitRepository",
		gitRepository,
		"kube-prometheus-stack-80.0.0",
		"kube-prometheus-stack-81.0.0",
	],
])("a folder of CRDs, by %s, moves or stays", (_, make, before, after) => {
	const [old, now] = [read(make(before)), read(make(after))];
	expect(findCrdsSource(old, now)).toMatchObject({ before, after });
	expect(findCrdsSource(old, old)).toMatchObject({ before, after: before });
	expect(findCrdsSource(read({}), now)).toMatchObject({ before: "", after });
	expect(findCrdsSource(old, read({}))).toMatchObject({ before, after: "" });
});

test("a folder of CRDs on a branch has no version", () => {
	const main = read(urls("main"));
	expect(findCrdsSource(main, main)).toMatchObject({
		after: "a version that is not known",
	});
});
