import { expect, test } from "vitest";
import { stringify } from "yaml";
import { findDifferences } from "../differences.ts";
import { findReleases } from "../find-releases.ts";
import { makeTree } from "../git/make-tree.ts";
import { helmRepository, makeHelmRelease } from "./make-objects.ts";

const makeSet = (spec: object) => ({
	apiVersion: "fluxcd.controlplane.io/v1",
	kind: "ResourceSet",
	metadata: { name: "stacks", namespace: "monitoring" },
	spec,
});
const release = (version: string, name = "<< inputs.tenant >>-stack") => {
	const made = makeHelmRelease(
		{ values: { a: "<< inputs.size | int >>", alert: "{{ $labels.a }}" } },
		name,
	);
	made.spec.chart.spec.version = version;
	return made;
};
const read = (...objects: object[]) => {
	const tree = makeTree({ "a.yaml": objects });
	return { tree, releases: findReleases(tree) };
};
const describe = ({ releases }: ReturnType<typeof read>) =>
	releases.map(({ name, chart, values: [first] }) => [
		name,
		chart.version,
		chart.source,
		first?.content,
	]);
const source = helmRepository.spec.url;
const values = (size: number) => `a: ${size}\nalert: "{{ $labels.a }}"\n`;

test("a ResourceSet makes its objects for each of its inputs", () => {
	const set = makeSet({
		inputs: [
			{ tenant: "a", version: "80.0.0", size: 1 },
			{ tenant: "b", version: "81.0.0", size: 2 },
		],
		resources: [helmRepository, release("<< inputs.version >>")],
	});
	expect(describe(read(set))).toEqual([
		["a-stack", "80.0.0", source, values(1)],
		["b-stack", "81.0.0", source, values(2)],
	]);
});

test("inputs may come from a static provider, and objects from a template", () => {
	const provider = {
		apiVersion: "fluxcd.controlplane.io/v1",
		kind: "ResourceSetInputProvider",
		metadata: { name: "versions", namespace: "monitoring" },
		spec: { type: "Static", defaultValues: { v: "80.0.0", size: 1 } },
	};
	const text = `<<- range $i, $name := (list "one" "two") >>\n---\n${stringify(
		release("<< inputs.v >>", "<< $name >>"),
	)}<<- end >>\n`;
	const set = makeSet({
		inputsFrom: [{ kind: provider.kind, name: "versions" }],
		resourcesTemplate: text,
	});
	expect(describe(read(helmRepository, provider, set))).toEqual([
		["one", "80.0.0", source, values(1)],
		["two", "80.0.0", source, values(1)],
	]);
});

test("one that is more than can be read is named, and compared", () => {
	const set = (version: string) =>
		makeSet({
			resourcesTemplate: `<<- range (mustFind "${version}") >>\nkind: HelmRelease\nchart: kube-prometheus-stack\n<<- end >>\n`,
		});
	const [before, after] = [read(set("80.0.0")), read(set("81.0.0"))];
	expect(before.releases).toMatchObject([
		{
			unknown: [
				"ResourceSet stacks is not read: what it installs is not known",
			],
		},
	]);
	expect(findDifferences(before, after)).toMatchObject([{ isUnread: true }]);
	expect(findDifferences(before, before)).toEqual([]);
});

test("one of other things is no release", () => {
	const set = makeSet({ resources: [{ kind: "Namespace" }] });
	expect(read(set).releases).toEqual([]);
});
