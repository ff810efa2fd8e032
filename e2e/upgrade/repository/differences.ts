import { isEqual } from "es-toolkit";
import { layerFiles } from "../plan/values/values.ts";
import type { RepositoryTree } from "./git/tree.ts";
import type { FoundRelease } from "./release.ts";
import { findUnreadChanges } from "./unread.ts";

/** A revision with what it installs. */
export interface ReadRevision {
	readonly tree: RepositoryTree;
	readonly releases: readonly FoundRelease[];
}

/** A release in two revisions. Where one side is missing, the change adds or removes it. */
export interface ReleasePair {
	readonly before: FoundRelease | undefined;
	readonly after: FoundRelease | undefined;
	/** What differs and is not read, for people. */
	readonly unread?: readonly string[];
	/** Whether nothing else differs. */
	readonly isUnread?: boolean;
}

/** How strictly two releases are taken for the same, the surest first: people also move files, and rename releases. */
const identities: ((release: FoundRelease) => string)[] = [
	({ variant, namespace, name, chart }) =>
		[variant, namespace, name, chart.name].join("\n"),
	({ namespace, name, chart }) => [namespace, name, chart.name].join("\n"),
	({ place, chart, variant }) => [place.file, chart.name, variant].join("\n"),
	identityOfPlace,
];

function identityOfPlace({ place, chart }: FoundRelease): string {
	return [place.file, chart.name].join("\n");
}

/** The releases that are not the same in both revisions. */
export function findDifferences(
	base: ReadRevision,
	head: ReadRevision,
): ReleasePair[] {
	const pairs: ReleasePair[] = [];
	let before = base.releases;
	let after = head.releases;
	for (const identity of identities) {
		const old = Map.groupBy(before, identity);
		const now = Map.groupBy(after, identity);
		const paired = new Set<FoundRelease>();
		for (const [key, [a, ...others]] of old) {
			const [b, ...rivals] = now.get(key) ?? [];
			if (!a || !b || others.length > 0 || rivals.length > 0) continue;
			pairs.push({ before: a, after: b });
			paired.add(a).add(b);
		}
		before = before.filter((each) => !paired.has(each));
		after = after.filter((each) => !paired.has(each));
	}
	// What one definition makes for several clusters, where a version tells them apart: in the order that it makes them.
	const old = Map.groupBy(before, identityOfPlace);
	const now = Map.groupBy(after, identityOfPlace);
	for (const [key, group] of old) {
		const rivals = now.get(key) ?? [];
		if (rivals.length !== group.length) continue;
		for (const [i, a] of group.entries())
			pairs.push({ before: a, after: rivals[i] });
		before = before.filter((each) => !group.includes(each));
		after = after.filter((each) => !rivals.includes(each));
	}
	return [
		...pairs.flatMap((pair): ReleasePair[] => {
			const { before: a, after: b } = pair;
			const unread = a && b ? findUnreadChanges(a, b) : [];
			const isUnread = !isDifferent(pair, base.tree, head.tree);
			return isUnread && unread.length === 0
				? []
				: [{ ...pair, unread, isUnread }];
		}),
		...before.map((each) => ({ before: each, after: undefined })),
		...after.map((each) => ({ before: undefined, after: each })),
	];
}

function isDifferent(
	{ before, after }: ReleasePair,
	base: RepositoryTree,
	head: RepositoryTree,
): boolean {
	if (!before || !after) return true;
	const identity = ({ name, namespace, chart, tool }: FoundRelease) => ({
		// Argo CD may delete CRDs that it is told to skip.
		crds: tool.name === "argo" && tool.crds,
		...{ name, namespace },
		...{ chart: chart.name, version: chart.version },
		source: chart.source?.replace(/\/$/, ""),
	});
	const isBroken =
		after.chart.problem !== undefined && before.chart.problem === undefined;
	return !(
		!isBroken &&
		isEqual(identity(before), identity(after)) &&
		isEqual(layerFiles(before.values), layerFiles(after.values)) &&
		isEqual(before.needs, after.needs) &&
		isEqual(chartFiles(before, base), chartFiles(after, head))
	);
}

/** The files of a chart that is in the repository. */
function chartFiles(
	{ chart: { path } }: FoundRelease,
	tree: RepositoryTree,
): ReadonlyMap<string, Buffer> | undefined {
	return path === undefined ? undefined : tree.at(path);
}
