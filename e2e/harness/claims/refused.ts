import type { Environment, Refusal } from "../../common/environment.ts";

/**
 * Ends a test at once that needs what set-up has seen refused: waiting would only hide why it is not there.
 *
 * @throws Error with the words of who refuses it
 */
export function demandTaken(
	{ refused = [] }: Pick<Environment, "refused">,
	kind: Refusal["kind"],
): void {
	const own = refused.filter((each) => each.kind === kind);
	if (own.length === 0) return;
	throw new Error(
		`there is no ${kind} as the values want it: ${own.map(({ says }) => says).join("; ")}`,
	);
}
