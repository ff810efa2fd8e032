import type { RuleGroup } from "../../clients/prometheus-schemas.ts";
import { metricsIn } from "../../common/promql/expressions.ts";

/** What the chart's own rules are about; a person's own may be about anything. */
const ofCluster = /^(node|kube|container|kubelet|apiserver)_/;

/** A sentence for each kind of rule that no chart would leave out, and that is not loaded. */
export function findMissingDefaults(groups: readonly RuleGroup[]): string[] {
	const rules = groups.flatMap((group) => group.rules);
	const recording = rules.filter(({ type }) => type === "recording");
	const isOfCluster = recording.some(({ query }) =>
		metricsIn(query).some((metric) => ofCluster.test(metric)),
	);
	return [
		...(rules.length > recording.length
			? []
			: ['"Alerts from Prometheus rules": no alerting rule is loaded']),
		...(isOfCluster
			? []
			: [
					`"a set of default ... recording rules": none of the ${recording.length} loaded recording rules reads what Node Exporter, kube-state-metrics, the kubelets or the API server expose. The chart's own rules are not there, as with defaultRules.create: false`,
				]),
	];
}
