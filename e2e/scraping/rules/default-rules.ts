import { listTemplateResults } from "../../alerts/rules/templated-severity.ts";
import type { Rule, RuleGroup } from "../../clients/prometheus-schemas.ts";
import { metricsIn } from "../../common/promql/expressions.ts";

/** What the chart's own rules are about; a person's own may be about anything. */
const ofCluster = /^(node|kube|container|kubelet|apiserver)_/;

/** "Alerts from Prometheus rules land here": by these severities. */
const told = /^(critical|warning)$/;

/** No chart gives these a severity of which a person is told. */
const ofNoSeverity = /^(Watchdog|InfoInhibitor)$/;

/** Whether a person is told of an alert; a template may decide. */
export function isTold({
	type,
	labels,
}: Pick<Rule, "type" | "labels">): boolean {
	return (
		type === "alerting" &&
		listTemplateResults(labels.severity ?? "").some((each) => told.test(each))
	);
}

/** A sentence for each kind of rule that no chart would leave out, and that is not loaded. */
export function findMissingDefaults(groups: readonly RuleGroup[]): string[] {
	const rules = groups.flatMap((group) => group.rules);
	const recording = rules.filter(({ type }) => type === "recording");
	const alerts = rules.filter(({ type }) => type === "alerting");
	const isOfCluster = ({ query }: Rule) =>
		metricsIn(query).some((metric) => ofCluster.test(metric));
	const ofChart = alerts.filter(isOfCluster);
	const isUntold = ofChart.length > 0 && !ofChart.some(isTold);
	const [only, ...others] = new Set(
		ofChart.map(({ labels }) => labels.severity ?? "none"),
	);
	const sameAsAll =
		only !== undefined && told.test(only) && others.length === 0
			? alerts.find(
					({ name, labels }) =>
						ofNoSeverity.test(name) && labels.severity === only,
				)
			: undefined;
	return [
		...(alerts.length > 0
			? []
			: ['"Alerts from Prometheus rules": no alerting rule is loaded']),
		...(isUntold
			? [
					`"Alerts from Prometheus rules": none of the ${ofChart.length} loaded alerts about nodes, objects and containers is critical or warning, by which a person is told. ${describeSeverities(ofChart)}`,
				]
			: []),
		...(sameAsAll
			? [
					`"Routing is by severity": all ${ofChart.length} loaded alerts about nodes, objects and containers are ${only}, and so is ${sameAsAll.name}, as with a severity in defaultRules.additionalRuleLabels. Nothing tells apart what is urgent`,
				]
			: []),
		...(recording.some(isOfCluster)
			? []
			: [
					`"a set of default ... recording rules": none of the ${recording.length} loaded recording rules reads what Node Exporter, kube-state-metrics, the kubelets or the API server expose. The chart's own rules are not there, as with defaultRules.create: false`,
				]),
	];
}

function describeSeverities(alerts: readonly Rule[]): string {
	const found = alerts.map(({ labels }) => labels.severity ?? "none");
	return `They have ${[...new Set(found)].toSorted().join(", ")}, as with a severity in defaultRules.additionalRuleLabels`;
}
