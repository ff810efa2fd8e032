import { memoize } from "es-toolkit";
import type { RuleGroup } from "../../clients/prometheus-schemas.ts";
import { looksForAbsence } from "../../common/promql/absence.ts";
import {
	matchersOf,
	missingIn,
	type Selector,
	selectorsIn,
} from "../../common/promql/expressions.ts";
import { matches } from "../../common/promql/matcher.ts";
import { isTold } from "./default-rules.ts";
import { whySelectedLost } from "./dropped-metrics.ts";
import { isOfStack } from "./idle-rules.ts";
import {
	type FindSeries,
	type LabelSources,
	whyMisfit,
} from "./label-misfits.ts";
import { type Spacing, whyNoTwoSamples } from "./lonely-samples.ts";
import { isOfAddon, whyMistyped, whyMistypedValue } from "./mistyped.ts";

/** What Prometheus stores. */
export interface StoredSeries extends Spacing {
	/** Whether Prometheus still gets samples of a selector. */
	readonly isStored: (selector: string) => Promise<boolean>;
	/** Why no target exposes what a selector without series asks for, as a clause; undefined if one may. */
	readonly whyUnexposed: (selector: Selector) => string | undefined;
	/** The labels of an expression's series. */
	readonly find: FindSeries;
}

/**
 * A sentence for each alert that cannot do without series that Prometheus never has: those that relabelling drops, with a
 * label that Prometheus only adds to what it sends on, with a slip in a name or value, or with two samples where it gets
 * one. It never fires, or always.
 */
export async function findDeafAlerts(
	groups: readonly RuleGroup[],
	sources: LabelSources,
	{ isStored, whyUnexposed, find: findNow, ...spacing }: StoredSeries,
): Promise<string[]> {
	const isKept = memoize(isStored);
	const find = memoize(findNow);
	const whyNever = async (selector: Selector): Promise<string | undefined> => {
		const { metric } = selector;
		if (!metric) return undefined;
		const lost = await whySelectedLost(selector, sources, isKept);
		if (lost)
			return `there is no sample of ${(await isKept(metric)) ? selector.text : metric} (${lost})`;
		for (const matcher of matchersOf(selector)) {
			const { label } = matcher;
			if (!sources.externalLabels.includes(label) || matches(matcher, ""))
				continue;
			if ((await isKept(metric)) && !(await isKept(`${metric}{${label}!=""}`)))
				return `no series of ${metric} has the label ${label}, which is an external one that Prometheus only adds to what it sends on`;
		}
		return undefined;
	};
	const whyNowhere = async (query: string, selector: Selector) => {
		// That it is absent is what the alert tells.
		if (!selector.metric || looksForAbsence(query, selector)) return undefined;
		const unexposed = whyUnexposed(selector);
		if (
			(!unexposed &&
				!isOfStack(selector.metric) &&
				!isOfAddon(selector.metric)) ||
			(await isKept(selector.text))
		)
			return undefined;
		// What is stored since the beginning may still be to come: this must not wait for it.
		const isThere = (await find(`count(${selector.metric})`)).length > 0;
		// What an addon has no series of may come.
		if (isThere && isOfAddon(selector.metric)) return undefined;
		const why =
			(isThere && (await whyMisfit(selector, sources, find))) ||
			(unexposed ??
				(isThere
					? await whyMistypedValue(selector, sources, find)
					: await whyMistyped(selector.metric, find)));
		return why && `there is no sample of ${selector.text} (${why})`;
	};
	const alerts = groups.flatMap(({ name: group, rules }) =>
		rules.filter(isTold).map(({ name, query }) => ({ name, query, group })),
	);
	const found: string[] = [];
	for (const { name, group, query } of alerts) {
		const never = new Map<string, string>();
		for (const selector of selectorsIn(query)) {
			const why =
				(await whyNever(selector)) ??
				(await whyNowhere(query, selector)) ??
				(await whyNoTwoSamples(query, selector, spacing));
			if (why) never.set(selector.text, why);
		}
		const isThere = ({ text }: Selector) => !never.has(text);
		if (missingIn(query, { has: isThere, stores: isThere }).length > 0)
			found.push(
				`alert ${name} of ${group} reads what is never there: ${[...new Set(never.values())].join(", ")}`,
			);
	}
	return found;
}
