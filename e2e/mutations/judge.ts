import type { ClaimResult } from "../harness/summary.ts";
import type { Mutation } from "./catalogue.ts";

/** Why a mutation did not do what it must, or undefined where its claims, and those alone, were refuted. */
export function judge(
	{ claim, also }: Pick<Mutation, "claim" | "also">,
	results: readonly Pick<ClaimResult, "id" | "status">[],
): string | undefined {
	const wrong = results.flatMap(({ id, status }) => {
		const wanted = id === claim || also.includes(id) ? "refuted" : "proven";
		return status === wanted ? [] : [`${id} is ${status}, not ${wanted}`];
	});
	if (!results.some(({ id }) => id === claim))
		wrong.push(`${claim} was not tested`);
	return wrong.length > 0 ? wrong.join("; ") : undefined;
}
