import { z } from "zod";
import type { ScrapeConfig } from "../clients/prometheus-schemas.ts";
import { parseAs } from "../common/parsing/parse-as.ts";

const rule = z.looseObject({
	action: z.string().default("replace"),
	source_labels: z.array(z.string()).default([]),
	separator: z.string().default(";"),
	/** Prometheus leaves out the default, which matches everything. */
	regex: z.string().optional(),
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
	configs: readonly ScrapeConfig[],
): string[] {
	return pools.flatMap((pool) => {
		const config = configs.find(({ job_name }) => job_name === pool);
		if (!config) return [`pool ${pool} has no scrape configuration`];
		const { relabel_configs, metric_relabel_configs } = parseAs(
			relabelled,
			config,
			`scrape pool ${pool}`,
		);
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

/**
 * The first rule of a pool that keeps or drops a target by what was discovered, in words; undefined if none does. Labels
 * that the pool's other rules set are not known here.
 */
export function findDroppingRule(
	pool: string,
	configs: readonly ScrapeConfig[],
	discovered: Readonly<Record<string, string>>,
): string | undefined {
	const config = configs.find(({ job_name }) => job_name === pool);
	const found = parseAs(relabelled, config ?? {}, `scrape pool ${pool}`)
		.relabel_configs.filter(({ action }) => /^(keep|drop)$/i.test(action))
		.filter(({ source_labels }) =>
			source_labels.every((label) => label.startsWith("__meta_")),
		)
		.find(({ action, source_labels, separator, regex }) => {
			const value = source_labels
				.map((label) => discovered[label] ?? "")
				.join(separator);
			const matches = new RegExp(`^(?:${regex ?? ".*"})$`, "s").test(value);
			return matches === /^drop$/i.test(action);
		});
	return found && describe(found);
}

function leavesOut({ action }: RelabelRule): boolean {
	return /^(keep|drop)/i.test(action);
}

function describe({ action, source_labels, regex }: RelabelRule): string {
	return `it has a rule "${action}" for ${source_labels.join(", ")}${regex === undefined ? "" : `, regex ${JSON.stringify(regex)}`}`;
}
