import { join, resolve } from "node:path";
import { BadInputError, HarnessError } from "../../common/errors.ts";
import type { Progress } from "../../common/progress.ts";
import { emptyReportFolder } from "../../harness/report/begin.ts";
import { type RunContext, withRun } from "../../harness/run/with-run.ts";
import { answerInRun } from "../answer.ts";
import type { RawUpgradeOptions } from "../options.ts";
import { beginUpgradeReport } from "../report/write.ts";
import { readOnly, readTrialOptions, type TrialOptions } from "../trial.ts";
import { type ChartSources, chooseChart } from "./chart-choice.ts";
import { describePair, describeRelease, isStack } from "./describe.ts";
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
import type { ReleaseAnswer, RepositoryAnswer } from "./summary.ts";
import { writeSummary } from "./summary.ts";

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

/** Answers for each release of kube-prometheus-stack that differs, and writes a report of each and one summary. */
export async function answerRepository(
	raw: RawUpgradeOptions,
	difference: RepositoryDifference,
	progress: Progress,
): Promise<RepositoryAnswer> {
	const trial = await readTrialOptions(raw);
	const only = await readOnly(raw);
	const dir = resolve(raw.report);
	// What a report of another kind left there would be taken for one of this.
	await beginUpgradeReport(dir);
	await emptyReportFolder(dir, ["releases", "summary.json", "summary.md"]);
	const { stacks, others, revisions } = difference;
	const upgrades = stacks.filter(({ before, after }) => before && after);
	const answers = stacks.flatMap((pair) => answerWithoutTrial(pair));
	if (upgrades.length > 0)
		await withRun(progress, async (context) => {
			const sources = {
				instead: raw.repository,
				usual: trial.repository,
			};
			for (const [i, pair] of upgrades.entries())
				answers.push(
					await answerPair(
						context,
						pair,
						difference,
						{ ...trial, only, report: join(dir, "releases", slugOf(pair, i)) },
						{ ...sources, scratch: join(context.run.tempDir, `charts-${i}`) },
						progress,
					),
				);
		});
	const answer = {
		base: revisions.base.name,
		head: revisions.head.name,
		answers,
		others: others.map(describePair),
	};
	await writeSummary(dir, answer);
	return answer;
}

/** What is added or removed is no upgrade. */
function answerWithoutTrial({ before, after }: ReleasePair): ReleaseAnswer[] {
	if (before && after) return [];
	const release = after ?? before;
	if (!release) return [];
	return [
		{
			...describeRelease(release),
			from: before?.chart.version,
			to: after?.chart.version,
			verdict: after ? "added" : "removed",
			sentence: after
				? "It is new: there is nothing to compare it with."
				: "It is removed, with everything that it installed. Volume claims and CRDs stay, and what they hold, unless somebody deletes them.",
			report: undefined,
			folder: undefined,
		},
	];
}

async function answerPair(
	context: RunContext,
	{ before, after }: ReleasePair,
	{ base, head }: RepositoryDifference,
	trial: TrialOptions,
	sources: ChartSources,
	progress: Progress,
): Promise<ReleaseAnswer> {
	if (!before || !after) throw new Error("this is no upgrade");
	const about = {
		...describeRelease(after),
		from: before.chart.version,
		to: after.chart.version,
	};
	progress.say(`${about.title}: ${about.from} → ${about.to}`);
	try {
		await beginUpgradeReport(trial.report);
		const report = await answerInRun(
			context,
			{
				...trial,
				from: await chooseChart(before, base.tree, "the old chart", sources),
				to: await chooseChart(after, head.tree, "the new chart", sources),
				fromRelease: undefined,
				named: { from: true, fromValues: true, toValues: true },
				repository: sources.instead ?? after.chart.source ?? sources.usual,
				origin: {
					deployer: after.deployer,
					...after.place,
					bringsCrds: after.bringsCrds,
					unknown: [...new Set([...before.unknown, ...after.unknown])],
				},
			},
			trial.report,
			progress,
		);
		return {
			...about,
			from: report.from.version,
			to: report.to.version,
			verdict: report.verdict,
			sentence: undefined,
			report,
			folder: trial.report,
		};
	} catch (error) {
		// The other releases can still be answered for.
		if (!(error instanceof HarnessError)) throw error;
		return {
			...about,
			verdict: error instanceof BadInputError ? "unreadable" : "inconclusive",
			sentence: error.message,
			report: undefined,
			folder: undefined,
		};
	}
}

/** The name of a release's folder in the report. */
function slugOf({ after }: ReleasePair, i: number): string {
	const words = [after?.variant, after?.namespace, after?.name]
		.filter(Boolean)
		.join("-")
		.replaceAll(/[^a-zA-Z0-9]+/g, "-");
	return `${i + 1}-${words}`.slice(0, 80);
}
