import { makeReason, type Reason } from "../../reasons.ts";
import { describeDifference, differencesOf } from "../charts/differences.ts";
import { pairByKey } from "../charts/pairs.ts";
import type { Side } from "../charts/side.ts";
import type { DeclaredRule } from "./rule-schema.ts";
import { isSameEvaluation } from "./usual-intervals.ts";

/** Groups that are evaluated in another way: more seldom, later, or with a limit. */
export function compareEvaluation(
	before: readonly DeclaredRule[],
	after: readonly DeclaredRule[],
	a: Side,
	b: Side,
): Reason[] {
	const groups = (rules: readonly DeclaredRule[]) => [
		...new Map(rules.map((each) => [placeOf(each), each.evaluation])),
	];
	const { both } = pairByKey(groups(before), groups(after), ([place]) => place);
	return both.flatMap(([[place, old], [, now]]) => {
		const found = differencesOf(old, now).filter(
			(each) => !isSameEvaluation(each, a, b),
		);
		return found.length === 0
			? []
			: [
					makeReason(
						"object-differs",
						`${place} (evaluation)`,
						`Prometheus evaluates ${place} in another way.`,
						{ evidence: found.map(describeDifference) },
					),
				];
	});
}

/** A group with the object that declares it. */
export function placeOf({ object, group }: DeclaredRule): string {
	return `${object} ${group}`;
}
