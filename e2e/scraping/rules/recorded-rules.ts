import { HopelessError, type NotYet, notYet } from "../../common/eventually.ts";
import type { Rounds } from "../rounds.ts";

/**
 * Until when waiting for a rule can help: until every target was `scraped`; or until those that it reads had two scrapes,
 * and the rules their evaluations (`rounds`).
 */
export type WaitEnd = "scraped" | "rounds";

/** What became of a recording rule. */
export interface RecordedRule {
	readonly name: string;
	/** Excused is a rule that has recorded nothing for a good reason. */
	readonly outcome: "recorded" | "excused" | "missing";
	/** Why it has recorded nothing; empty if it has. */
	readonly why: string;
	/** What ends the wait for a missing one. */
	readonly until: WaitEnd;
	/** The missing series of other rules that excuse it, if those are excused themselves. */
	readonly needs: readonly string[];
}

/**
 * Which rules have recorded nothing without a good reason; undefined if there is none, and some have recorded.
 *
 * @throws HopelessError if waiting cannot help any more
 */
export function whyNotRecorded(
	rules: readonly RecordedRule[],
	{ late, whyHopeless }: Rounds,
): NotYet | undefined {
	const missing = rules.filter(({ outcome }) => outcome === "missing");
	if (missing.length > 0) {
		const clause = missing
			.map(
				({ name, why }) =>
					`recording rule ${name} has recorded nothing new: ${why}`,
			)
			.join("; ");
		const hopeless = whyHopeless(missing.map(({ name }) => name));
		if (late.length === 0 && missing.every(({ until }) => until === "scraped"))
			throw new HopelessError(clause);
		if (hopeless) throw new HopelessError(`${clause}; ${hopeless}`);
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
