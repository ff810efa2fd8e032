import { describeStep, relabelWith } from "../../common/relabelling/relabel.ts";
import { readMetricRelabelling } from "../series-labels.ts";
import type { LabelSources } from "./label-misfits.ts";

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
