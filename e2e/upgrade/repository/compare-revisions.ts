import { BadInputError } from "../../common/errors.ts";
import type { RawUpgradeOptions } from "../options.ts";
import { isStack } from "./describe.ts";
import {
	findDifferences,
	type ReadRevision,
	type ReleasePair,
} from "./differences.ts";
import { DocumentCache } from "./documents.ts";
import { findReleases } from "./find-releases.ts";
import { GitRepository, type Revision } from "./git/repository.ts";
import { chooseRevisions, type Revisions } from "./git/revisions.ts";
import type { FoundRelease } from "./release.ts";

/** What differs between two revisions of a repository. */
export interface RepositoryDifference {
	readonly revisions: Revisions;
	readonly base: ReadRevision;
	readonly head: ReadRevision;
	/** Of kube-prometheus-stack. */
	readonly stacks: readonly ReleasePair[];
	readonly others: readonly ReleasePair[];
}

/** Reads the releases of one revision, the one that --list is about. @throws BadInputError */
export async function listReleases(
	folder: string,
	head: string | undefined,
): Promise<{ revision: Revision; releases: readonly FoundRelease[] }> {
	const repository = await GitRepository.open(folder);
	const isFolder = head === undefined && !repository.isBare;
	const name = head ?? "HEAD";
	const commit = isFolder ? undefined : await repository.commitOf(name);
	if (!isFolder && !commit)
		throw new BadInputError(`--head ${name}: there is no such commit here`);
	const revision = { name: isFolder ? "the working tree" : name, commit };
	return { revision, releases: findReleases(await repository.read(revision)) };
}

/** Reads two revisions and compares what they install. @throws BadInputError */
export async function compareRevisions(
	folder: string,
	{ base, head }: Pick<RawUpgradeOptions, "base" | "head">,
): Promise<RepositoryDifference> {
	const repository = await GitRepository.open(folder);
	const revisions = await chooseRevisions(repository, base, head);
	const cache = new DocumentCache();
	const read = async (revision: Revision): Promise<ReadRevision> => {
		const tree = await repository.read(revision, cache);
		return { tree, releases: findReleases(tree) };
	};
	const before = await read(revisions.base);
	const after = await read(revisions.head);
	const all = [...before.releases, ...after.releases];
	if (!all.some(isStack))
		throw new BadInputError(
			`--repo ${folder}: no release of kube-prometheus-stack was found, and ${after.releases.length} of other charts (--list names them)`,
		);
	const pairs = findDifferences(before, after);
	const hasStack = ({ before: a, after: b }: ReleasePair) =>
		[a, b].some((each) => each && isStack(each));
	return {
		revisions,
		base: before,
		head: after,
		stacks: pairs.filter(hasStack),
		others: pairs.filter((pair) => !hasStack(pair)),
	};
}
