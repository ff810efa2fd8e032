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

/** Groups that move to another object or name: Prometheus treats them as new. */
export function renamedGroups(
	before: readonly DeclaredRule[],
	after: readonly DeclaredRule[],
): Reason[] {
	const withFor = (rules: readonly DeclaredRule[]) =>
		rules.filter((rule) => rule.alert && !/^0\w*$/.test(rule.for));
	const places = new Map(
		withFor(after).map((rule) => [titleOf(rule), placeOf(rule)]),
	);
	const moved = withFor(before).filter((rule) => {
		const now = places.get(titleOf(rule));
		const stillThere = withFor(after).some(
			(each) =>
				titleOf(each) === titleOf(rule) && placeOf(each) === placeOf(rule),
		);
		return now !== undefined && !stillThere;
	});
	return [...Map.groupBy(moved, placeOf)].map(([old, rules]) =>
		makeReason(
			"rules-renamed",
			old,
			`${old} is now ${[...new Set(rules.map((rule) => places.get(titleOf(rule))))].join(", ")}: the pending timers of ${rules.map(titleOf).join(", ")} start over.`,
		),
	);
}

export function titleOf({ alert, record }: DeclaredRule): string {
	return alert ?? record ?? "";
}
