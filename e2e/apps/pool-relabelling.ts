import { z } from "zod";
import type { Configuration } from "../clients/prometheus-schemas.ts";

const rule = z.looseObject({
	action: z.string().default("replace"),
	source_labels: z.array(z.string()).default([]),
	regex: z.unknown(),
});
type RelabelRule = z.infer<typeof rule>;

const relabelled = z.looseObject({
	relabel_configs: z.array(rule).default([]),
	metric_relabel_configs: z.array(rule).default([]),
});

/**
 * What may decide whether a pod is scraped: the label and the port's name, as the homelab says, and what is the same for
 * every application. The labels `__tmp_...` are the operator's, for shards.
 */
const promised =
	/^(__tmp_.+|__meta_kubernetes_pod_(label(present)?_o11y_ruiz_sh_metrics|container_port_name|container_init|phase|ready))$/;
/** The labels that tell applications apart. Which of its own series an application stores is nobody else's concern. */
const ofTarget = /^(namespace|pod|container|node|job|instance|endpoint)$/;

/**
 * A sentence for each rule of a loaded pool that leaves out applications by anything but what the homelab promises. The
 * planted pods meet few of such rules, because they have names and namespaces of their own.
 */
export function findExceptions(
	pools: readonly string[],
	configs: Configuration["scrape_configs"],
): string[] {
	return pools.flatMap((pool) => {
		const config = configs.find(({ job_name }) => job_name === pool);
		if (!config) return [`pool ${pool} has no scrape configuration`];
		const { relabel_configs, metric_relabel_configs } =
			relabelled.parse(config);
		return [
			...relabel_configs
				.filter(
					(each) =>
						leavesOut(each) &&
						each.source_labels.some((label) => !promised.test(label)),
				)
				.map(
					(each) =>
						`pool ${pool} leaves out pods: ${describe(each)}. Only the label o11y.ruiz.sh/metrics and the port's name may decide`,
				),
			...metric_relabel_configs
				.filter(
					(each) =>
						leavesOut(each) &&
						each.source_labels.some((label) => ofTarget.test(label)),
				)
				.map(
					(each) =>
						`pool ${pool} stores no series of some pods: ${describe(each)}. Only the label o11y.ruiz.sh/metrics and the port's name may decide`,
				),
		];
	});
}

function leavesOut({ action }: RelabelRule): boolean {
	return /^(keep|drop)/i.test(action);
}

function describe({ action, source_labels, regex }: RelabelRule): string {
	return `it has a rule "${action}" for ${source_labels.join(", ")}${regex === undefined ? "" : `, regex ${JSON.stringify(regex)}`}`;
}
