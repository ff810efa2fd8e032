import { type ClaimResult, holds } from "../harness/summary.ts";
import type { Mutation } from "./catalogue.ts";

/** Why a mutation did not do what it must, or undefined where the claims that it breaks, and no other, were refuted. */
export function judge(
	{ claim, alsoRefutes }: Pick<Mutation, "claim" | "alsoRefutes">,
	results: readonly Pick<ClaimResult, "id" | "status">[],
): string | undefined {
	const wrong = results.flatMap(({ id, status }) => {
		if (id === claim || alsoRefutes.includes(id))
			return status === "refuted" ? [] : [`${id} is ${status}, not refuted`];
		return holds(status) ? [] : [`${id} is ${status}, not proven`];
	});
	if (!results.some(({ id }) => id === claim))
		wrong.push(`${claim} was not tested`);
	return wrong.length > 0 ? wrong.join("; ") : undefined;
}
