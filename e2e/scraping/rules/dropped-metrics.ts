import {
	matchersOf,
	type Selector,
	withoutMatchers,
} from "../../common/promql/expressions.ts";
import { matches } from "../../common/promql/matcher.ts";
import { describeStep, relabelWith } from "../../common/relabelling/relabel.ts";
import { readMetricRelabelling } from "../series-labels.ts";
import { type LabelSources, ofTarget } from "./label-misfits.ts";

/** Which pool's relabelling names a metric to drop it, as a clause; undefined if none does. */
export function whyDropped(
	metric: string,
	{ targets, configs }: Pick<LabelSources, "targets" | "configs">,
): string | undefined {
	const pools = new Map(targets.map((each) => [each.scrapePool, each.labels]));
	for (const [pool, labels] of pools) {
		const step = readMetricRelabelling(pool, configs).find(
			(each) =>
				each.action === "drop" &&
				each.source_labels.includes("__name__") &&
				!relabelWith([each], { ...labels, __name__: metric }),
		);
		if (step)
			return `metric relabelling of ${pool} drops it (${describeStep(step)})`;
	}
	return undefined;
}

/**
 * Which pool drops the metric on every target that a selector asks for by its job, although other targets still have
 * it. A clause; undefined if none does, or the selector asks for no target.
 *
 * @param yields whether an expression has a result
 */
export async function whyDroppedThere(
	selector: Selector,
	sources: Pick<LabelSources, "targets" | "configs">,
	yields: (expression: string) => Promise<boolean>,
): Promise<string | undefined> {
	const asked = matchersOf(selector).filter(({ label }) =>
		ofTarget.includes(label),
	);
	const targets = sources.targets.filter(({ labels }) =>
		asked.every((matcher) => matches(matcher, labels[matcher.label] ?? "")),
	);
	if (asked.length === 0 || targets.length === 0) return undefined;
	const dropped = whyDropped(selector.metric, { ...sources, targets });
	if (!dropped) return undefined;
	const ofThese = withoutMatchers(
		selector,
		(_, matcher) => matcher !== undefined && !ofTarget.includes(matcher.label),
	);
	return (await yields(ofThese.text)) ? undefined : dropped;
}
