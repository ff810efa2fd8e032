import { nameOf } from "../../../clients/kube-objects.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { asObject, textAt } from "../charts/fields.ts";
import { objectsOf, type Side } from "../charts/side.ts";
import { listInSecret } from "../targets/list-in-secret.ts";

/**
 * What the person decides of the configuration of Prometheus, as a configuration, by the names of the Prometheus
 * objects: what is added to it, its intervals, and where it writes to. What comes from elsewhere is not known.
 */
export function ownConfigurations(side: Side): Map<string, string> {
	return new Map(
		objectsOf(side, "Prometheus", "PrometheusAgent").flatMap(
			(prometheus): [string, string][] => {
				const jobs = listInSecret(side, prometheus, "additionalScrapeConfigs");
				const relabelling = listInSecret(
					side,
					prometheus,
					"additionalAlertRelabelConfigs",
				);
				const alertmanagers = listInSecret(
					side,
					prometheus,
					"additionalAlertManagerConfigs",
				);
				const timeout = textAt(prometheus, "spec.scrapeTimeout");
				const content = {
					global: {
						scrape_interval: textAt(prometheus, "spec.scrapeInterval") || "30s",
						...(timeout && { scrape_timeout: timeout }),
					},
					scrape_configs: jobs ?? [],
					remote_write: listAt(prometheus, "spec", "remoteWrite")
						.filter((each) => textAt(each, "url") !== "")
						.map(asWritten),
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

/** Where samples go, as the operator writes it; credentials and queues, which the operator makes from Secrets, are left out. */
function asWritten(remoteWrite: unknown): object {
	const name = textAt(remoteWrite, "name");
	return {
		url: textAt(remoteWrite, "url"),
		...(name && { name }),
		write_relabel_configs: listAt(remoteWrite, "writeRelabelConfigs").map(
			relabellingAsWritten,
		),
	};
}

function relabellingAsWritten(rule: unknown): object {
	const { sourceLabels, targetLabel, action, ...rest } = asObject(rule);
	return {
		...rest,
		...(Array.isArray(sourceLabels) && { source_labels: sourceLabels }),
		...(targetLabel !== undefined && { target_label: targetLabel }),
		// The API takes `Drop`, too, which Prometheus does not know.
		...(action !== undefined && {
			action: String(action).toLowerCase(),
		}),
	};
}
