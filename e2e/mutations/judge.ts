import { type ClaimResult, holds } from "../harness/claims/summary.ts";
import type { Mutation } from "./catalogue.ts";

/** What is wrong with the results of mutations; undefined if exactly the claims that they break were refuted. */
export function judge(
	mutations: readonly Pick<Mutation, "claim" | "alsoRefutes">[],
	results: readonly Pick<ClaimResult, "id" | "status">[],
): string | undefined {
	const broken = mutations.flatMap(({ claim, alsoRefutes }) => [
		claim,
		...alsoRefutes,
	]);
	const wrong = results.flatMap(({ id, status }) => {
		if (broken.includes(id))
			return status === "refuted" ? [] : [`${id} is ${status}, not refuted`];
		return holds(status) ? [] : [`${id} is ${status}, not proven`];
	});
	for (const { claim } of mutations)
		if (!results.some(({ id }) => id === claim))
			wrong.push(`${claim} was not tested`);
	return wrong.length > 0 ? wrong.join("; ") : undefined;
}
