import { groupBy } from "es-toolkit";
import pLimit from "p-limit";
import type { PrometheusClient } from "../../clients/prometheus.ts";
import { promisedRepeats } from "../judge-alert.ts";
import type { AlertRule } from "../loaded-rules.ts";
import { readWithoutFilters } from "./alerts-without-filters.ts";

/** So many namespaces are named. */
const mostNamed = 3;

/**
 * Rules of one alertname, critical and warning, that write one namespace on the alerts of several, as a sentence each: a
 * rule's label replaces that of its series, so that a critical alert of one namespace suppresses the warnings of all.
 */
export async function findOverwrittenNamespaces(
	prometheus: Pick<PrometheusClient, "query">,
	rules: readonly AlertRule[],
): Promise<string[]> {
	const overwriting = rules.filter(
		({ labels, severities, expression }) =>
			labels.namespace &&
			severities.some((each) => Object.hasOwn(promisedRepeats, each)) &&
			// What is absent has no series with namespaces; what `unless` takes away may be all but one.
			!/\b(absent|absent_over_time|unless)\b/i.test(expression),
	);
	const together = Object.values(
		groupBy(overwriting, ({ labels: { alertname, namespace } }) =>
			JSON.stringify([alertname, namespace]),
		),
	).filter(haveEachSeverity);
	const found = await pLimit(2).map(together, async (all) => {
		const wide = [];
		for (const rule of all) {
			const series = await readWithoutFilters(prometheus, rule.expression);
			const namespaces = new Set(
				series.flatMap(({ namespace }) => namespace || []),
			);
			if (namespaces.size > 1) wide.push({ ...rule, namespaces });
		}
		const [first] = wide;
		if (!first || !haveEachSeverity(wide)) return [];
		const { labels, namespaces } = first;
		const names = [...namespaces].sort();
		const shown = names.slice(0, mostNamed).join(", ");
		const rest = names.length > mostNamed ? ", ..." : "";
		return [
			`a critical alert is to suppress the warnings of its own alertname and namespace, but rule ${labels.alertname} gives alerts of ${shown}${rest} the namespace ${labels.namespace}, by which a critical one suppresses the warnings of all of them`,
		];
	});
	return found.flat();
}

function haveEachSeverity(
	rules: readonly Pick<AlertRule, "severities">[],
): boolean {
	return Object.keys(promisedRepeats).every((severity) =>
		rules.some(({ severities }) => severities.includes(severity)),
	);
}
