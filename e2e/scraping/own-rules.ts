import type { ScrapeConfig } from "../clients/prometheus-schemas.ts";
import { parseAs } from "../common/parsing/parse-as.ts";
import {
	type TracedRule,
	traceLabels,
} from "../common/relabelling/label-origins.ts";
import {
	describeTracedRule,
	leavesOut,
	type RelabelRule,
	relabelled,
} from "./relabel-rule.ts";

/** What the operator itself asks for: the labels and ports that a monitor selects, pods that have not ended, its shards. */
const ofOperator =
	/^(__tmp_.+|__meta_kubernetes_(service_label(present)?_.+|pod_label(present)?_.+|endpoint(slice)?_port_name|pod_container_port_(name|number)|pod_phase|pod_ready|pod_container_init))$/;

/** The rules of a pool that a person has made, in the monitor or in a scrape class, and that leave out targets. */
export function listOwnRules(
	pool: string,
	configs: readonly ScrapeConfig[],
): TracedRule<RelabelRule>[] {
	const config = configs.find(({ job_name }) => job_name === pool);
	const { relabel_configs } = parseAs(
		relabelled,
		config ?? {},
		`scrape pool ${pool} of the configuration that Prometheus has loaded`,
	);
	return traceLabels(relabel_configs).filter(
		({ rule, origins }) =>
			leavesOut(rule) &&
			!rule.source_labels.includes("__tmp_disable_sharding") &&
			origins.some((label) => !ofOperator.test(label)),
	);
}

/** Why a pool may lack a target that it has discovered, as a clause; undefined if nobody leaves out any. */
export function whyLeftOut(
	pool: string,
	configs: readonly ScrapeConfig[],
): string | undefined {
	const own = listOwnRules(pool, configs).map(describeTracedRule);
	return own.length > 0
		? `its relabelling leaves out targets: ${own.join("; ")}`
		: undefined;
}
