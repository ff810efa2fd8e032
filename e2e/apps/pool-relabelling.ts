import { z } from "zod";
import type { ScrapeConfig } from "../clients/prometheus-schemas.ts";
import { GoRegex } from "../common/go-regex.ts";
import { parseAs } from "../common/parsing/parse-as.ts";
import { traceLabels } from "../common/relabelling/label-origins.ts";
import { relabelSteps } from "../common/relabelling/relabel.ts";
import {
	describeRule,
	describeTracedRule,
	leavesOut,
	relabelled,
} from "../scraping/relabel-rule.ts";
import {
	findForeignTimings,
	findMerged,
	findRewrites,
} from "./label-writes.ts";
import { findForeignRequests } from "./request-writes.ts";

/**
 * What may decide whether a pod is scraped: the label and the port's name, as the homelab says, and what is the same for
 * every application.
 */
const promised =
	/^__meta_kubernetes_pod_(label(present)?_o11y_ruiz_sh_metrics|container_port_name|container_init|phase|ready)$/;
/** The operator's own rule for shards, which several Prometheus share, asks for this label. */
const ofShards = "__tmp_disable_sharding";
/** The labels that tell applications apart. Which of its own series an application stores is nobody else's concern. */
const ofTarget =
	/^(namespace|pod|container|node|job|instance|endpoint|__meta_.+|__address__)$/;

const inSteps = z.looseObject({
	relabel_configs: relabelSteps,
	metric_relabel_configs: relabelSteps,
});

/**
 * A sentence for each rule of a loaded pool that leaves out applications by anything but what the homelab promises, or
 * treats some in another way: under another name, at another interval or at another path. The planted pods meet few of such rules, because they have names and namespaces of their own.
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
		const traced = traceLabels(relabel_configs);
		const steps = parseAs(inSteps, config, `scrape pool ${pool}`);
		return [
			...traced
				.filter(
					({ rule, origins }) =>
						leavesOut(rule) &&
						!rule.source_labels.includes(ofShards) &&
						origins.some((label) => !promised.test(label)),
				)
				.map(
					(each) =>
						`pool ${pool} leaves out pods: ${describeTracedRule(each)}. Only the label o11y.ruiz.sh/metrics and the port's name may decide`,
				),
			...findRewrites(pool, [
				...steps.relabel_configs,
				...steps.metric_relabel_configs,
			]),
			...findMerged(pool, steps.metric_relabel_configs),
			...findForeignTimings(config, steps.relabel_configs),
			...findForeignRequests(pool, steps.relabel_configs),
			...traceLabels(metric_relabel_configs, traced.at(-1)?.after)
				.filter(
					({ rule, origins }) =>
						leavesOut(rule) &&
						[...rule.source_labels, ...origins].some((label) =>
							ofTarget.test(label),
						),
				)
				.map(
					(each) =>
						`pool ${pool} stores no series of some pods: ${describeTracedRule(each)}. Only the label o11y.ruiz.sh/metrics and the port's name may decide`,
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
			const matches = GoRegex.whole(regex ?? ".*").test(value);
			return matches === /^drop$/i.test(action);
		});
	return found && describeRule(found);
}
