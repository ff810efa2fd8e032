import { uniq } from "es-toolkit";
import type { CrdsSource } from "../tools/choice.ts";
import type { ReadRevision } from "./differences.ts";
import type { RepositoryTree } from "./git/tree.ts";
import { isManifestFile } from "./kustomize/wanted.ts";
import { isScript } from "./others/commands.ts";

const crdsChart = "prometheus-operator-crds";

/** Folders of CRDs that people apply from where they are published, and how the versions of each are written. */
const folders = [
	{
		name: "example/prometheus-operator-crd of prometheus-operator",
		folder: /\bexample\/prometheus-operator-crd/,
		version: /\bv?0\.\d+\.\d+\b/g,
		// A version that is in the folder's address, or beside it.
		isElsewhere: false,
	},
	{
		name: "the folder of CRDs in the chart's own repository",
		folder: /charts\/kube-prometheus-stack\/(charts\/crds\/)?crds\b/,
		version: /\bkube-prometheus-stack-\d+\.\d+\.\d+\b/g,
		// The tag is in a GitRepository, which may be another file.
		isElsewhere: true,
	},
];

/** What else in a repository applies the operator's CRDs, or did, with its versions in two revisions; undefined if nothing does. */
export function findCrdsSource(
	base: ReadRevision,
	head: ReadRevision,
): CrdsSource | undefined {
	const sources = [
		{ name: crdsChart, before: chartIn(base), after: chartIn(head) },
		...folders.map((each) => ({
			name: each.name,
			before: folderIn(base.tree, each),
			after: folderIn(head.tree, each),
		})),
	];
	return (
		sources.find(({ after }) => after !== "") ??
		sources.find(({ before }) => before !== "")
	);
}

function chartIn({ releases }: ReadRevision): string {
	const versions = releases
		.filter(({ chart }) => chart.name === crdsChart)
		.map(({ chart }) => chart.version ?? "the newest version");
	return uniq(versions).join(" and ");
}

function folderIn(
	tree: RepositoryTree,
	{ folder, version, isElsewhere }: (typeof folders)[number],
): string {
	const texts = tree.paths
		.filter((path) => isManifestFile(path) || isScript(path))
		.map((path) => tree.read(path) ?? "");
	const users = texts.filter((text) => folder.test(text));
	if (users.length === 0) return "";
	const found = (isElsewhere ? texts : users).flatMap(
		(text) => text.match(version) ?? [],
	);
	return uniq(found).sort().join(" and ") || "a version that is not known";
}
