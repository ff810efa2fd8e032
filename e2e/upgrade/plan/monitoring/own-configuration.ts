import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { dataOf } from "../charts/data.ts";
import { textAt } from "../charts/fields.ts";
import { readYaml } from "../charts/read-yaml.ts";
import { objectsOf, type Side } from "../charts/side.ts";

/**
 * What the person adds to the configuration of Prometheus, as a configuration, by the names of the Prometheus objects.
 * What comes from outside of the chart is not known.
 */
export function ownConfigurations(side: Side): Map<string, string> {
	return new Map(
		objectsOf(side, "Prometheus", "PrometheusAgent").flatMap(
			(prometheus): [string, string][] => {
				const jobs = addedTo(side, prometheus, "additionalScrapeConfigs");
				const relabelling = addedTo(
					side,
					prometheus,
					"additionalAlertRelabelConfigs",
				);
				const alertmanagers = addedTo(
					side,
					prometheus,
					"additionalAlertManagerConfigs",
				);
				if (!jobs && !relabelling && !alertmanagers) return [];
				const timeout = textAt(prometheus, "spec.scrapeTimeout");
				const content = {
					global: {
						scrape_interval: textAt(prometheus, "spec.scrapeInterval") || "30s",
						...(timeout && { scrape_timeout: timeout }),
					},
					scrape_configs: jobs ?? [],
					alerting: {
						alertmanagers: alertmanagers ?? [],
						alert_relabel_configs: relabelling ?? [],
					},
				};
				return [[nameOf(prometheus), JSON.stringify(content)]];
			},
		),
	);
}

/** A list that a field of Prometheus' spec takes from a Secret; undefined if it is not known. */
function addedTo(
	side: Side,
	prometheus: Manifest,
	field: string,
): unknown[] | undefined {
	const secret = objectsOf(side, "Secret").find(
		({ metadata }) =>
			metadata.name === textAt(prometheus, `spec.${field}.name`) &&
			metadata.namespace === prometheus.metadata.namespace,
	);
	const text =
		secret && dataOf(secret).get(textAt(prometheus, `spec.${field}.key`));
	const list = text === undefined ? undefined : readYaml(text);
	return Array.isArray(list) ? list : undefined;
}
