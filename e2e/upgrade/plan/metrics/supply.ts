import { memoize } from "es-toolkit";
import {
	matchersOf,
	type Selector,
} from "../../../common/promql/expressions.ts";
import { mayMatch, type ScrapedTarget, stores } from "../targets/target.ts";
import { supplyOf } from "./families.ts";

/** Where the series of a selector come from. */
export interface Supply {
	/** Targets of the kind that has such metrics. */
	readonly sure: readonly ScrapedTarget[];
	/** Targets of which nobody knows what they have, such as jobs of the person's own. */
	readonly possible: readonly ScrapedTarget[];
}

/** Finds the targets that have the series of a selector. */
export function makeSupply(
	targets: readonly ScrapedTarget[],
): (selector: Selector) => Supply {
	return memoizeByText((selector) => {
		const matchers = matchersOf(selector);
		const matching = targets.filter((each) => mayMatch(each, matchers));
		const found = (wanted: "has" | "may have") =>
			matching.filter(
				(each) =>
					selector.metric !== "" &&
					supplyOf(each, selector.metric) === wanted &&
					stores(each, selector.metric),
			);
		return { sure: found("has"), possible: found("may have") };
	});
}

/** Whether a selector had series and has none. Where it is not known, it had and has them. */
export function isLostBetween(before: Supply, after: Supply): boolean {
	if (after.sure.length > 0) return false;
	if (before.sure.length > 0) return true;
	return before.possible.length > 0 && after.possible.length === 0;
}

function memoizeByText<T>(
	find: (selector: Selector) => T,
): (selector: Selector) => T {
	return memoize(find, { getCacheKey: ({ text }) => text });
}
