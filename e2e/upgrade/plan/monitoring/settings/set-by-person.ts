import { isEqual } from "es-toolkit";
import type { Side } from "../../charts/side.ts";
import { leavesOf } from "../../values/values.ts";

/** The keys of the chart's values that become the spec of a workload of the operator's. */
const keysOfSpecs: Readonly<Record<string, string>> = {
	Prometheus: "prometheusSpec",
	PrometheusAgent: "prometheusSpec",
	Alertmanager: "alertmanagerSpec",
	ThanosRuler: "thanosRulerSpec",
};

/** Whether the person's own values say something else of a setting than before: then it is no surprise. */
export function isSetByPerson(
	kind: string,
	field: string,
	a: Pick<Side, "values">,
	b: Pick<Side, "values">,
): boolean {
	const wanted = [keysOfSpecs[kind], field.split(".")[0]];
	const own = ({ values }: Pick<Side, "values">) =>
		leavesOf(values).filter(({ path }) =>
			path.some((key, i) => isEqual([key, path[i + 1]], wanted)),
		);
	return !isEqual(own(a), own(b));
}
