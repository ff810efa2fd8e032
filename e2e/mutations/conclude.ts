import type { ClaimResult } from "../harness/claims/summary.ts";
import { type Mutation, mustRefute } from "./catalogue.ts";
import { judgeHealthy, judgeMutation, type Verdict } from "./judge.ts";
import { claimsThatNotice, claimsThatRead } from "./readers.ts";
import { folderOfTrial, type Trial, tryAlone } from "./trial.ts";
import type { TrialQueue } from "./trial-queue.ts";
import type { Findings } from "./try-out.ts";
import type { Tried, Verdicts } from "./verdicts.ts";

interface Desk {
	readonly queue: TrialQueue;
	readonly verdicts: Verdicts;
}

/**
 * Judges each member of a trial. What is not as it must be in a group is tried alone; what has no verdict alone is tried
 * once more, on a fresh cluster, because what was tried before may have spoilt the used one.
 */
export async function concludeTrial(
	trial: Trial,
	findings: Findings,
	seconds: number,
	{ queue, verdicts }: Desk,
): Promise<void> {
	const grouped = trial.members.length > 1;
	for (const alone of tryAlone(trial)) {
		const tried = judgeOne(alone, trial, findings, seconds);
		const good = tried.outcome === "caught" || tried.outcome === "proven";
		if (good || (!grouped && tried.outcome !== "no verdict"))
			await verdicts.add(tried);
		else if (grouped) queue.add([alone]);
		else if (!trial.again) queue.add([{ ...trial, again: true }]);
		else await verdicts.add(tried);
	}
}

function judgeOne(
	alone: Trial,
	trial: Trial,
	findings: Findings,
	seconds: number,
): Tried {
	const id = alone.members[0]?.id ?? "";
	const common = {
		id,
		together: trial.members.flatMap((each) => (each.id === id ? [] : each.id)),
		report: folderOfTrial(trial),
		missing: [],
	};
	if (alone.kind === "healthy" || trial.kind === "healthy") {
		const read = findings.results.filter((each) =>
			alone.members.some(
				(member) => claimsThatRead(member, [each.id]).length > 0,
			),
		);
		return {
			...common,
			...withFailure(judgeHealthy(read), findings),
			kind: "healthy",
			mustRefute: [],
			seconds,
		};
	}
	const mutation = trial.members.find((each) => each.id === id);
	if (!mutation) throw new Error(`${id} is not in its own trial`);
	const others = trial.members.filter((each) => each !== mutation);
	const noticed = findings.results.filter((each) =>
		canNotice(mutation, each, trial),
	);
	const verdict = judgeMutation(mutation, noticed, others);
	return {
		...common,
		...withFailure(verdict, findings),
		kind: trial.kind,
		mustRefute: mustRefute(mutation),
		seconds: secondsToVerdict(mutation, findings.results) ?? seconds,
	};
}

/** Without it, a claim that another mutation of the group refutes would be held against this one. */
function canNotice(
	mutation: Mutation,
	{ id }: Pick<ClaimResult, "id">,
	{ kind }: Trial,
): boolean {
	return kind === "faults"
		? mustRefute(mutation).includes(id)
		: claimsThatNotice(mutation, [id]).length > 0;
}

function withFailure(verdict: Verdict, { failure }: Findings): Verdict {
	return failure ? { outcome: "no verdict", message: failure } : verdict;
}

/** How long its claims took until all of them were refuted; undefined if one was not. */
function secondsToVerdict(
	mutation: Mutation,
	results: readonly ClaimResult[],
): number | undefined {
	const own = results.filter(({ id }) => mustRefute(mutation).includes(id));
	return own.length > 0 && own.every(({ status }) => status === "refuted")
		? Math.max(...own.map(({ seconds }) => seconds))
		: undefined;
}
