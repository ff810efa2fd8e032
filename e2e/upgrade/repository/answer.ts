import { basename, join, resolve } from "node:path";
import { BadInputError, HarnessError } from "../../common/errors.ts";
import type { Progress } from "../../common/progress.ts";
import { type RunContext, withRun } from "../../harness/run/with-run.ts";
import { answerInRun } from "../answer.ts";
import type { ChartChoice } from "../options.ts";
import { type ChartTools, prepareTools } from "../prepare.ts";
import { chooseTool } from "../tools/choice.ts";
import type { TrialOptions } from "../trial.ts";
import { comparableBeside, type NeedySide } from "./beside/comparable-needs.ts";
import { chooseChart } from "./chart-choice.ts";
import { type Companions, findCompanions } from "./companions.ts";
import type { RepositoryDifference } from "./compare-revisions.ts";
import { findCrdsSource } from "./crds-source.ts";
import { describePair, describeRelease, isStack } from "./describe.ts";
import type { ReleasePair } from "./differences.ts";
import type { RepositoryTree } from "./git/tree.ts";
import type { FoundRelease } from "./release.ts";
import {
	type ReleaseAnswer,
	type RepositoryAnswer,
	writeSummary,
} from "./summary.ts";
import { describeUnread } from "./unread.ts";

/** A release that is in both revisions. */
interface UpgradePair {
	readonly before: FoundRelease;
	readonly after: FoundRelease;
	readonly unread: readonly string[];
}

/** What the releases of one repository are answered with. */
interface Trial {
	readonly options: TrialOptions;
	/** As in --repository, if it was given: what stands for all sources of the repository. */
	readonly instead: string | undefined;
	readonly difference: RepositoryDifference;
	readonly progress: Progress;
}

/**
 * Answers for each release of kube-prometheus-stack that differs, and writes a report of each and one summary into the
 * folder that beginSummary has made.
 *
 * @param instead as in --repository, if it was given
 */
export async function answerRepository(
	options: TrialOptions,
	instead: string | undefined,
	difference: RepositoryDifference,
	progress: Progress,
): Promise<RepositoryAnswer> {
	const dir = resolve(options.report);
	const { stacks, others, revisions } = difference;
	const upgrades = stacks.flatMap(
		({ before, after, unread = [], isUnread = false }) =>
			before && after && !isUnread ? [{ before, after, unread }] : [],
	);
	const trial = { options, instead, difference, progress };
	const answers = [
		...stacks.flatMap(answerWithoutTrial),
		...(await answerUpgrades(upgrades, trial, join(dir, "releases"))),
	];
	const answer = {
		base: revisions.base.name,
		head: revisions.head.name,
		answers,
		others: others.map(describePair),
	};
	await writeSummary(dir, answer);
	return answer;
}

/** What is added or removed is no upgrade, and what cannot be read is for the person to compare. */
function answerWithoutTrial({
	before,
	after,
	unread = [],
	isUnread = false,
}: ReleasePair): ReleaseAnswer[] {
	const release = after ?? before;
	const isChanged = before !== undefined && after !== undefined;
	if (!release || (isChanged && !isUnread)) return [];
	return [
		{
			...describeRelease(release),
			from: before?.chart.version,
			to: after?.chart.version,
			verdict: isChanged ? "review" : after ? "added" : "removed",
			sentence: isChanged
				? describeUnread(unread)
				: after
					? "It is new: there is nothing to compare it with."
					: "It is removed, with everything that it installed. Volume claims and CRDs stay, and what they hold, unless somebody deletes them.",
			report: undefined,
			folder: undefined,
		},
	];
}

/** Plans share a run and its Helm; each upgrade on a cluster has a run of its own. */
async function answerUpgrades(
	pairs: readonly UpgradePair[],
	trial: Trial,
	dir: string,
): Promise<ReleaseAnswer[]> {
	const { options, progress } = trial;
	const inOneRun = options.plan ? [[...pairs]] : pairs.map((each) => [each]);
	const answers: ReleaseAnswer[] = [];
	for (const group of inOneRun.filter(({ length }) => length > 0))
		await withRun(progress, async (context) => {
			const tools = await prepareTools(context, options.images, progress);
			for (const pair of group) {
				const report = join(dir, slugOf(pair, answers.length + 1));
				answers.push(await answerPair(context, tools, pair, trial, report));
			}
		});
	return answers;
}

async function answerPair(
	context: RunContext,
	tools: ChartTools,
	{ before, after, unread }: UpgradePair,
	{ options, instead, difference, progress }: Trial,
	report: string,
): Promise<ReleaseAnswer> {
	const about = {
		...describeRelease(after),
		from: before.chart.version,
		to: after.chart.version,
	};
	progress.say(describePair({ before, after }));
	const usual = options.repository;
	const scratch = join(context.run.tempDir, "charts", basename(report));
	const sources = { instead, usual, scratch };
	const { base, head } = difference;
	try {
		const { problem } = after.chart;
		if (problem !== undefined) throw new BadInputError(problem);
		const from = await chooseChart(before, base.tree, "the old chart", sources);
		const to = await chooseChart(after, head.tree, "the new chart", sources);
		const companions = {
			before: findCompanions(base.tree, before, base.releases.filter(isStack)),
			after: findCompanions(head.tree, after, head.releases.filter(isStack)),
		};
		const beside = comparableBeside(
			needySide(base.tree, before, companions.before, from),
			needySide(head.tree, after, companions.after, to),
		);
		const sentence = unread.length > 0 ? describeUnread(unread) : undefined;
		const asked = {
			...options,
			report,
			from: { ...from, companions: beside.before },
			to: { ...to, companions: beside.after },
			fromRelease: undefined,
			named: { from: true, fromValues: true, toValues: true },
			repository: instead ?? after.chart.source ?? usual,
			choice: {
				...chooseTool(options.with, after.tool),
				before: before.tool,
				crdsSource: findCrdsSource(base, head),
			},
			origin: {
				deployer: after.deployer,
				...after.place,
				hasUnreadChanges: sentence !== undefined,
				unknown: [
					...new Set([
						...(sentence ? [sentence] : []),
						...before.unknown,
						...after.unknown,
						...companions.after.unknown,
					]),
				],
			},
		};
		const contents = await answerInRun(context, tools, asked, report, progress);
		return {
			...about,
			from: contents.from.version,
			to: contents.to.version,
			verdict: contents.verdict,
			sentence,
			report: contents,
			folder: report,
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

function needySide(
	tree: RepositoryTree,
	release: FoundRelease,
	{ objects, unknown }: Companions,
	{ release: place }: ChartChoice,
): NeedySide {
	const companions = objects;
	const namespace = place?.namespace ?? release.namespace;
	const isWhole = unknown.length === 0;
	return { tree, release, namespace, companions, isWhole };
}

/** The name of a release's folder in the report. */
function slugOf({ after }: UpgradePair, number: number): string {
	const words = [after.namespace, after.name]
		.filter(Boolean)
		.join("-")
		.replaceAll(/[^a-zA-Z0-9]+/g, "-");
	return `${number}-${words}`;
}
