import {
	describeStep,
	type RelabelStep,
	relabelAlert,
} from "../alerts/alert-relabelling.ts";
import type {
	ActiveTarget,
	ScrapeConfig,
} from "../clients/prometheus-schemas.ts";
import { readMetricRelabelling } from "../scraping/series-labels.ts";

type Labels = Readonly<Record<string, string>>;

/** Metrics, and the labels with which some machine of a homelab has them. */
export interface MachineSeries {
	/** What a person calls them. */
	readonly family: string;
	readonly metrics: readonly string[];
	readonly machines?: readonly Labels[] | undefined;
}

/**
 * A sentence for each metric of which a pool's metric relabelling leaves no series of a homelab's machines, such as its
 * root file system.
 *
 * @param targets Node Exporter's
 */
export function findDroppedOfMachines(
	wanted: readonly MachineSeries[],
	targets: readonly Pick<ActiveTarget, "labels" | "scrapePool">[],
	configs: readonly ScrapeConfig[],
): string[] {
	const sentences = targets.flatMap(({ labels, scrapePool }) => {
		const steps = readMetricRelabelling(scrapePool, configs);
		return wanted.flatMap(({ family, metrics, machines = [] }) =>
			metrics.flatMap((metric) => {
				const lost = machines.map((own) =>
					findLosingStep(steps, { ...labels, ...own, __name__: metric }, own),
				);
				const [step] = lost;
				return step && lost.every((each) => each !== undefined)
					? [
							`no ${family} series (${metric} with ${machines.map(describeLabels).join(" or ")}) of a homelab's machines would be stored: metric relabelling of ${scrapePool} drops or changes them (${describeStep(step)})`,
						]
					: [];
			}),
		);
	});
	return [...new Set(sentences)];
}

/** The step that drops a series, or takes its name or one of its own labels away; undefined if it is kept as it is. */
function findLosingStep(
	steps: readonly RelabelStep[],
	series: Labels,
	own: Labels,
): RelabelStep | undefined {
	return steps.find((_, i) => {
		const after = relabelAlert(steps.slice(0, i + 1), series);
		return (
			after?.__name__ !== series.__name__ ||
			Object.entries(own).some(([name, value]) => after?.[name] !== value)
		);
	});
}

function describeLabels(labels: Labels): string {
	return Object.values(labels).join(" ");
}
