import { memoize } from "es-toolkit";
import type { RuleGroup } from "../../clients/prometheus-schemas.ts";
import { metricsIn, missingIn } from "../../common/promql/expressions.ts";
import { relabelWith } from "../../common/relabelling/relabel.ts";
import { describeLoss } from "../losing-step.ts";
import { readMetricRelabelling } from "../series-labels.ts";
import type { LabelSources } from "./label-misfits.ts";

/** "Alerts from Prometheus rules land here": those that a person is told of. */
const told = /^(critical|warning)$/;

/**
 * A sentence for each alert that cannot do without a metric that relabelling drops by its name, and that no target has
 * any more: it never fires, or always.
 *
 * @param isStored whether Prometheus still gets samples of a metric
 */
export async function findDeafAlerts(
	groups: readonly RuleGroup[],
	{ targets, configs }: Pick<LabelSources, "targets" | "configs">,
	isStored: (metric: string) => Promise<boolean>,
): Promise<string[]> {
	const pools = [...new Set(targets.map(({ scrapePool }) => scrapePool))];
	const whyGone = memoize(async (metric: string) => {
		const [why] = pools.flatMap((pool) => {
			const step = readMetricRelabelling(pool, configs).find(
				(each) =>
					each.action === "drop" &&
					each.source_labels.every((label) => label === "__name__") &&
					!relabelWith([each], { __name__: metric }),
			);
			return step ? [describeLoss(pool, step)] : [];
		});
		return why !== undefined && !(await isStored(metric)) ? why : undefined;
	});
	const alerts = groups.flatMap(({ name, rules }) =>
		rules
			.filter(
				({ type, labels }) =>
					type === "alerting" && told.test(labels.severity ?? ""),
			)
			.map((rule) => ({ ...rule, group: name })),
	);
	const found: string[] = [];
	for (const { name, group, query } of alerts) {
		const gone = new Map<string, string>();
		for (const metric of metricsIn(query)) {
			const why = await whyGone(metric);
			if (why) gone.set(metric, why);
		}
		const isThere = ({ metric }: { readonly metric: string }) =>
			!gone.has(metric);
		if (missingIn(query, { has: isThere, stores: isThere }).length > 0)
			found.push(
				`alert ${name} of ${group} reads what is not there: ${[...gone].map(([metric, why]) => `there is no sample of ${metric} (${why})`).join(", ")}`,
			);
	}
	return found;
}
