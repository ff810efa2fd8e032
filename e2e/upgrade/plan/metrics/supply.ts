import { memoize } from "es-toolkit";
import {
	matchersOf,
	type Selector,
} from "../../../common/promql/expressions.ts";
import { matchOf, type ScrapedTarget, stores } from "../targets/target.ts";
import { supplyOf } from "./families.ts";
import { isMadeOfAlerts } from "./rule-series.ts";
import type { SupplyKind } from "./supply-kind.ts";

/** A target whose samples a selector may select. */
interface Supplier {
	readonly target: ScrapedTarget;
	/** Whether all labels that the selector asks for are known to match. */
	readonly isCertain: boolean;
}

/** Where the series of a selector come from. */
export interface Supply {
	/** Targets of the kind that has such metrics. */
	readonly sure: readonly Supplier[];
	/** Targets of which nobody knows what they have, such as jobs of the person's own. */
	readonly possible: readonly Supplier[];
	/** Whether it asks for instances, which are those of one target only. */
	readonly isOfInstance: boolean;
}

/** Finds the targets that have the series of a selector. */
export function makeSupply(
	targets: readonly ScrapedTarget[],
): (selector: Selector) => Supply {
	return memoizeByText((selector) => {
		const { metric } = selector;
		const matchers = matchersOf(selector);
		const scraped = isMadeOfAlerts(metric) ? [] : targets;
		const found = scraped.flatMap((target) => {
			const match = matchOf(target, metric, matchers);
			if (match === "never" || metric === "") return [];
			const kind = supplyOf(target, metric, matchers);
			return kind !== "has not" && stores(target, metric, matchers)
				? [{ kind, supplier: { target, isCertain: match === "surely" } }]
				: [];
		});
		const those = (wanted: SupplyKind) =>
			found
				.filter(({ kind }) => kind === wanted)
				.map(({ supplier }) => supplier);
		return {
			sure: those("has"),
			possible: those("may have"),
			isOfInstance: matchers.some(({ label }) => label === "instance"),
		};
	});
}

/** Whether a selector had series and has none. Where it is not known, it had and has them. */
export function isLostBetween(before: Supply, after: Supply): boolean {
	if (before.isOfInstance) {
		const old = [...before.sure, ...before.possible];
		if (old.some(({ isCertain }) => isCertain))
			return !remains(old, [...after.sure, ...after.possible]);
	}
	if (remains(before.sure, after.sure)) return false;
	if (before.sure.length > 0) return true;
	return (
		before.possible.length > 0 && !remains(before.possible, after.possible)
	);
}

/** Whether something still supplies it. If some certainly did, those that perhaps did as well do not take their place. */
function remains(
	before: readonly Supplier[],
	after: readonly Supplier[],
): boolean {
	if (!before.some(({ isCertain }) => isCertain)) return after.length > 0;
	const perhaps = new Set(
		before
			.filter(({ isCertain }) => !isCertain)
			.map(({ target: { key } }) => key),
	);
	return after.some(
		({ target: { key }, isCertain }) => isCertain || !perhaps.has(key),
	);
}

/** The target that a selector had its series from, as far as is known. */
export function supplierIn(supply: Supply): ScrapedTarget | undefined {
	const all = [...supply.sure, ...supply.possible];
	const first =
		all.find(({ isCertain }) => isCertain && supply.isOfInstance) ?? all[0];
	return first?.target;
}

function memoizeByText<T>(
	find: (selector: Selector) => T,
): (selector: Selector) => T {
	return memoize(find, { getCacheKey: ({ text }) => text });
}
