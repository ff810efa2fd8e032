import type { Selector } from "../../common/promql/expressions.ts";
import { whyCut } from "../../scraping/rules/cut-buckets.ts";
import type { LabelSources } from "../../scraping/rules/label-misfits.ts";

/** What a homelab's values leave out on purpose. */
export interface LeftOut {
	/** Why a selector's series are left out on purpose, as a clause; undefined if they are not. */
	readonly whyOnPurpose: (selector: Selector) => string | undefined;
}

/** @param recordsSwitchedOff the names that the chart's rules would record if none were switched off */
export function makeLeftOut(
	sources: Pick<LabelSources, "targets" | "configs">,
	recordsSwitchedOff: readonly string[],
): LeftOut {
	return {
		whyOnPurpose: (selector) =>
			recordsSwitchedOff.includes(selector.metric)
				? "the rule that records it is switched off by defaultRules.rules"
				: whyCut(selector, sources),
	};
}
