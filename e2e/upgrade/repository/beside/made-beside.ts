import { isStack } from "../describe.ts";
import { findDifferences } from "../differences.ts";
import { findReleases } from "../find-releases.ts";
import { makeTree } from "../git/make-tree.ts";
import { comparableBeside } from "./comparable-needs.ts";

/** Files of a made-up repository by their paths. */
export type MadeFiles = Parameters<typeof makeTree>[0];

/** The objects that are compared on both sides, and what is known to differ and is not read. */
export function besideInFiles(before: MadeFiles, after: MadeFiles) {
	const [base, head] = [before, after].map((files) => {
		const tree = makeTree(files);
		const releases = findReleases(tree);
		const [own, ...others] = releases.filter(isStack);
		if (!own || others.length > 0) throw new Error("it has no stack, or two");
		const side = { tree, release: own, namespace: "monitoring" };
		return { tree, releases, side: { ...side, companions: [], isWhole: true } };
	});
	if (!base || !head) throw new Error("a side is missing");
	const found = comparableBeside(base.side, head.side);
	const [pair] = findDifferences(base, head);
	return {
		before: found.before.map(
			({ kind, metadata }) => `${kind} ${metadata.name}`,
		),
		after: found.after.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
		differs: pair !== undefined && pair.isUnread !== true,
		unread: pair?.unread ?? [],
		texts: found.after.flatMap((each) => each.stringData ?? each.data ?? []),
	};
}
