import type { Manifest } from "../../../clients/kube-objects.ts";
import { mapAt } from "../../../common/parsing/yaml-map.ts";
import {
	isSopsDocument,
	makePlaceholder,
} from "../../../harness/chart/encryption.ts";
import { monitorKinds } from "../../plan/charts/operator-kinds.ts";
import type { RepositoryTree } from "../git/tree.ts";
import type { FoundRelease } from "../release.ts";
import type { NeededObject } from "./needed-object.ts";
import { readUmbrella } from "./umbrella.ts";

/** A release in one revision. */
export interface NeedySide {
	readonly tree: RepositoryTree;
	readonly release: FoundRelease;
	/** Where it is installed. */
	readonly namespace: string;
	/** Other objects beside it, of the person's. */
	readonly companions: readonly Manifest[];
	/** Whether all of those were read. */
	readonly isWhole: boolean;
}

/**
 * The objects beside a release in two revisions, for a comparison. What is known of one revision only is left out, and so
 * is what is gone from its place and may come from somewhere else, or stay: a false alarm is worse than none.
 */
export function comparableBeside(
	before: NeedySide,
	after: NeedySide,
): { before: readonly Manifest[]; after: readonly Manifest[] } {
	const [old, now] = [needsOf(before), needsOf(after)];
	const isKnown = (each: NeededObject, others: readonly NeededObject[]) =>
		others
			.filter(({ name }) => name === each.name)
			.every(({ isReadable }) => isReadable === each.isReadable);
	const hasGaps = readUmbrella(after.tree, after.release).hasGaps;
	const isGone = ({ name, object }: NeededObject) =>
		!now.some((each) => each.name === name && each.object.kind === object.kind);
	const stays = (each: NeededObject) =>
		isGone(each) &&
		(!each.isPruned || hasGaps || isTakenOver(each.name, before, after));
	const companions = before.companions.filter(
		(each) =>
			!monitorKinds.includes(each.kind) ||
			isThere(each, after) ||
			(after.isWhole && !isTakenOver(each.metadata.name, before, after)),
	);
	return {
		before: [
			...companions,
			...placed(
				old
					.filter((each) => isKnown(each, now) && !stays(each))
					.map((each) => withReadable(each, now)),
				before,
			),
		],
		after: [
			...after.companions,
			...placed(
				now
					.filter((each) => isKnown(each, old))
					.map((each) => withReadable(each, old)),
				after,
			),
		],
	};
}

function needsOf({
	release: { needs = [] },
}: NeedySide): readonly NeededObject[] {
	return needs;
}

/**
 * A placeholder stands for each text that is encrypted, and for each that may be made up while the other revision says it
 * elsewhere. The keys stay.
 */
function withReadable(
	need: NeededObject,
	others: readonly NeededObject[],
): NeededObject {
	const { object, name, isReadable } = need;
	const isCompared = others.some((each) => each.name === name);
	if (isReadable || (isCompared && !isSopsDocument(object))) return need;
	const { data: _, stringData: __, ...rest } = object;
	const entries = Object.keys({
		...mapAt(object, "data"),
		...mapAt(object, "stringData"),
	}).map((key): [string, string] => [key, makePlaceholder(key)]);
	const field = object.kind === "Secret" ? "stringData" : "data";
	return {
		...need,
		object: {
			...rest,
			...(entries.length > 0 && { [field]: Object.fromEntries(entries) }),
			apiVersion: object.apiVersion,
			kind: object.kind,
			metadata: object.metadata,
		},
	};
}

/** What is in the release's own namespace, whatever it is called where that is not said. */
function placed(
	needs: readonly NeededObject[],
	{ namespace }: NeedySide,
): Manifest[] {
	return needs.map(({ object }) => ({
		...object,
		metadata: { ...object.metadata, namespace },
	}));
}

function isThere({ kind, metadata }: Manifest, { companions }: NeedySide) {
	return companions.some(
		(each) => each.kind === kind && each.metadata.name === metadata.name,
	);
}

/** Whether some file names it that did not, or more often: then something else may make it now. */
function isTakenOver(
	name: string,
	before: NeedySide,
	after: NeedySide,
): boolean {
	const pattern = new RegExp(
		`(?<![\\w.-])${RegExp.escape(name)}(?![\\w-]|\\.\\w)`,
		"g",
	);
	const countIn = (tree: RepositoryTree, path: string) =>
		(tree.read(path) ?? "").match(pattern)?.length ?? 0;
	return after.tree.paths.some(
		(path) => countIn(after.tree, path) > countIn(before.tree, path),
	);
}
