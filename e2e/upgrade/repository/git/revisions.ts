import { BadInputError } from "../../../common/errors.ts";
import type { GitRepository, Revision } from "./repository.ts";

/** Two revisions to compare. */
export interface Revisions {
	readonly base: Revision;
	readonly head: Revision;
}

/**
 * Chooses what a person expects of a pull request: what the branch brings since it left the other one.
 *
 * @param base where `head` is going to be merged; by default the repository's default branch
 * @param head by default the working tree, with what is not committed
 * @throws BadInputError
 */
export async function chooseRevisions(
	repository: GitRepository,
	base: string | undefined,
	head: string | undefined,
): Promise<Revisions> {
	const headCommit = await commitNamed(repository, "--head", head ?? "HEAD");
	const target = base ?? (await repository.defaultBranch());
	if (!target)
		throw new BadInputError(
			"no default branch is known here: say with --base <ref> what to compare with",
		);
	const targetCommit = await commitNamed(repository, "--base", target);
	const parting = await repository.mergeBase(targetCommit, headCommit);
	if (!parting && base === undefined)
		throw new BadInputError(
			`the history that is here does not reach back to where the branch left ${target}: fetch more of it (git fetch --unshallow; in CI fetch-depth: 0), or name a commit with --base`,
		);
	const baseCommit = parting ?? targetCommit;
	const isTarget = baseCommit === targetCommit;
	return {
		base: {
			name: isTarget
				? named(target, baseCommit)
				: `${short(baseCommit)}, where the branch left ${targetCommit.startsWith(target) ? short(target) : target}`,
			commit: baseCommit,
		},
		head:
			head === undefined && !repository.isBare
				? { name: "the working tree", commit: undefined }
				: { name: named(head ?? "HEAD", headCommit), commit: headCommit },
	};
}

async function commitNamed(
	repository: GitRepository,
	flag: string,
	ref: string,
): Promise<string> {
	const commit = await repository.commitOf(ref);
	if (!commit)
		throw new BadInputError(
			`${flag} ${ref}: there is no such commit here; if it is a branch of another repository, fetch it first (git fetch origin ${ref})`,
		);
	return commit;
}

function named(ref: string, commit: string): string {
	return commit.startsWith(ref) ? short(commit) : `${ref} (${short(commit)})`;
}

function short(commit: string): string {
	return commit.slice(0, 8);
}
