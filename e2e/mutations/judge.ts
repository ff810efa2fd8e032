import { type ClaimResult, holds } from "../harness/claims/summary.ts";
import { type Mutation, mustRefute } from "./catalogue.ts";

/** What became of a mutation or a healthy variation. */
export const outcomes = [
	"caught",
	"caught by another claim",
	"missed",
	"proven",
	"false alarm",
	"no verdict",
	"not tried",
] as const;
export type TriedOutcome = (typeof outcomes)[number];

export interface Verdict {
	readonly outcome: TriedOutcome;
	/** What the claims said that decide the outcome. */
	readonly message: string;
}

type Result = Pick<ClaimResult, "id" | "status" | "message">;

/**
 * Judges a mutation: exactly its claims must be refuted, with a message that names the mistake where the mutation says
 * how.
 *
 * @param results of the claims that were tested, without those that only other mutations of the group can refute
 * @param others the mutations that were in force with it: nothing can be said about the claims that they must refute
 */
export function judgeMutation(
	mutation: Pick<Mutation, "claim" | "alsoRefutes" | "says">,
	results: readonly Result[],
	others: readonly Pick<Mutation, "claim" | "alsoRefutes">[] = [],
): Verdict {
	const own = mustRefute(mutation);
	const theirs = others.flatMap(mustRefute);
	const unclear = results.filter(({ status }) => status === "inconclusive");
	const untested = own.filter((id) => !results.some((each) => each.id === id));
	if (unclear.length > 0 || untested.length > 0)
		return {
			outcome: "no verdict",
			message: [
				...unclear.map(describe),
				...untested.map((id) => `${id} was not tested`),
			].join("; "),
		};
	const unnoticed = results.filter(
		({ id, status }) => own.includes(id) && status !== "refuted",
	);
	const further = results.filter(
		({ id, status }) =>
			!own.includes(id) && !theirs.includes(id) && !holds(status),
	);
	const wrong = [...unnoticed, ...further].map(describe).join("; ");
	if (further.length > 0)
		return { outcome: "caught by another claim", message: wrong };
	if (unnoticed.length > 0) return { outcome: "missed", message: wrong };
	const message =
		results.find(({ id }) => id === mutation.claim)?.message ?? "";
	if (mutation.says && !new RegExp(mutation.says).test(message))
		return {
			outcome: "missed",
			message: `${mutation.claim} is refuted, but its message does not match /${mutation.says}/: ${message}`,
		};
	return { outcome: "caught", message };
}

/** Judges a healthy variation, or a group of them: every claim must hold. */
export function judgeHealthy(results: readonly Result[]): Verdict {
	const message = results
		.filter(({ status }) => !holds(status))
		.map(describe)
		.join("; ");
	if (results.some(({ status }) => status === "refuted"))
		return { outcome: "false alarm", message };
	if (message || results.length === 0)
		return { outcome: "no verdict", message: message || "no claim was tested" };
	return { outcome: "proven", message };
}

/** Whether it is what must become of a mutation or a healthy variation, or nothing could be said here. */
export function isRight(outcome: TriedOutcome): boolean {
	return ["caught", "proven", "not tried"].includes(outcome);
}

function describe({ id, status, message }: Result): string {
	return `${id} is ${status}${message ? `: ${message}` : ""}`;
}
