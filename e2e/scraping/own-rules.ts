import type { ScrapeConfig } from "../clients/prometheus-schemas.ts";
import { traceLabels } from "../common/relabelling/label-origins.ts";
import { describeTracedRule, leavesOut, relabelled } from "./relabel-rule.ts";

/** What the operator itself asks for: the labels and ports that a monitor selects, pods that have not ended, its shards. */
const ofOperator =
	/^(__tmp_.+|__meta_kubernetes_(service_label(present)?_.+|pod_label(present)?_.+|endpoint(slice)?_port_name|pod_container_port_(name|number)|pod_phase|pod_ready|pod_container_init))$/;

/**
 * Why a pool may lack a target that it has discovered, as a clause: the rules of a person, of the monitor or of a scrape
 * class, that leave out targets. Undefined if there are none.
 */
export function whyLeftOut(
	pool: string,
	configs: readonly ScrapeConfig[],
): string | undefined {
	const config = configs.find(({ job_name }) => job_name === pool);
	const own = traceLabels(relabelled.parse(config ?? {}).relabel_configs)
		.filter(
			({ rule, origins }) =>
				leavesOut(rule) &&
				!rule.source_labels.includes("__tmp_disable_sharding") &&
				origins.some((label) => !ofOperator.test(label)),
		)
		.map(describeTracedRule);
	return own.length > 0
		? `its relabelling leaves out targets: ${own.join("; ")}`
		: undefined;
}
