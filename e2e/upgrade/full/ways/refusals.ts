import { kinds, type ReasonId } from "../../reason-kinds.ts";

/** What the API server says, with the reason that has the way out of it. */
const refusals: readonly (readonly [RegExp, ReasonId])[] = [
	[/metadata\.annotations: Too long/, "apply-too-large"],
	[
		/hooks? (failed|was unsuccessful).*Apply failed with \d+ conflicts?/s,
		"crds-job-conflicts",
	],
	[/Apply failed with \d+ conflicts?/, "apply-conflicts"],
	[/duplicate entries for key/, "apply-duplicates"],
	[
		/field is immutable|updates to \w+ spec for fields other than/,
		"immutable-field-changed",
	],
];

/** The way out of what a tool was refused, by its words; undefined if they are not known. */
export function wayOutOf(words: string): string | undefined {
	const found = refusals.find(([pattern]) => pattern.test(words));
	return found && kinds[found[1]].wayOut;
}
