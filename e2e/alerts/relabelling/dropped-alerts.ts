import type { Configuration } from "../../clients/prometheus-schemas.ts";
import { relabelWith } from "../../common/relabelling/relabel.ts";
import { labelsOf, type PlantedAlert } from "../planted-alerts.ts";
import { readAlertRelabelling } from "./alert-relabelling.ts";

/**
 * Which of some planted alerts Prometheus drops before any Alertmanager of a namespace sees them. Nobody is to be told of
 * InfoInhibitor and Watchdog: as well as a null receiver, relabelling may see to that.
 */
export function findDropped(
	planted: Readonly<Record<string, PlantedAlert>>,
	configuration: Configuration,
	namespace: string,
): string[] {
	const relabelling = readAlertRelabelling(configuration, namespace);
	const { external_labels: externalLabels } = configuration.global;
	return Object.entries(planted)
		.filter(
			([, alert]) =>
				relabelling.length > 0 &&
				relabelling.every(
					(steps) =>
						relabelWith(steps, {
							...externalLabels,
							...labelsOf(alert),
							...alert.source,
						}) === undefined,
				),
		)
		.map(([key]) => key);
}
