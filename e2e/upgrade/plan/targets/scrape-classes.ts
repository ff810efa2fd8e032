import type { Manifest } from "../../../clients/kube-objects.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { asObject, at, textAt } from "../charts/fields.ts";
import { objectsOf, type Side } from "../charts/side.ts";

/**
 * A monitor with the relabelings of its scrape class, or of the default one, before its own:
 * https://prometheus-operator.dev/docs/developer/scrapeclass/
 */
export function withScrapeClass(side: Side, monitor: Manifest): Manifest {
	const classes = objectsOf(side, "Prometheus", "PrometheusAgent").flatMap(
		(each) => listAt(each, "spec", "scrapeClasses"),
	);
	const wanted = textAt(monitor, "spec.scrapeClass");
	const own = classes.find((each) =>
		wanted === ""
			? at(each, "default") === true
			: textAt(each, "name") === wanted,
	);
	if (own === undefined) return monitor;
	const add = (part: unknown): unknown => ({
		...asObject(part),
		relabelings: [
			...listAt(own, "relabelings"),
			...listAt(part, "relabelings"),
		],
		metricRelabelings: [
			...listAt(own, "metricRelabelings"),
			...listAt(part, "metricRelabelings"),
		],
	});
	const spec = asObject(monitor.spec);
	const field = {
		ServiceMonitor: "endpoints",
		PodMonitor: "podMetricsEndpoints",
	}[monitor.kind];
	return {
		...monitor,
		spec: field
			? { ...spec, [field]: listAt(spec, field).map(add) }
			: asObject(add(spec)),
	};
}
