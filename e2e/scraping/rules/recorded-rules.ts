import { HopelessError, type NotYet, notYet } from "../../common/eventually.ts";

/** What became of a recording rule. */
export interface RecordedRule {
	readonly name: string;
	/** Excused is a rule that has recorded nothing for a good reason. */
	readonly outcome: "recorded" | "excused" | "missing";
	/** Why it has recorded nothing; empty if it has. */
	readonly why: string;
	/** Whether that stays so once every target has been scraped. */
	readonly lasting: boolean;
	/** The missing series of other rules that excuse it, if those are excused themselves. */
	readonly needs: readonly string[];
}

/**
 * Which rules have recorded nothing without a good reason; undefined if there is none, and some have recorded.
 *
 * @throws HopelessError if waiting does not help: every reason lasts, or the rules have had their chance
 */
export function whyNotRecorded(
	rules: readonly RecordedRule[],
	{
		allScraped,
		givenUp,
	}: { allScraped: boolean; givenUp?: string | undefined },
): NotYet | undefined {
	const missing = rules.filter(({ outcome }) => outcome === "missing");
	if (missing.length > 0) {
		const clause = missing
			.map(
				({ name, why }) =>
					`recording rule ${name} has recorded nothing new: ${why}`,
			)
			.join("; ");
		if (allScraped && missing.every(({ lasting }) => lasting))
			throw new HopelessError(clause);
		if (givenUp) throw new HopelessError(`${clause}; ${givenUp}`);
		return notYet(clause);
	}
	return rules.some(({ outcome }) => outcome === "recorded")
		? undefined
		: notYet("no recording rule has recorded anything");
}

/** The excused rules, each with its reason, as a sentence. Undefined if there are none. */
export function describeExcused(
	rules: readonly RecordedRule[],
): string | undefined {
	const excused = rules.filter(({ outcome }) => outcome === "excused");
	const names = Map.groupBy(excused, ({ why }) => why);
	return names.size === 0
		? undefined
		: `nothing recorded by ${excused.length} of ${rules.length} recording rules: ${[
				...names,
			]
				.map(
					([why, of]) =>
						`${[...new Set(of.map(({ name }) => name))].join(", ")} (${why})`,
				)
				.join("; ")}`;
}
