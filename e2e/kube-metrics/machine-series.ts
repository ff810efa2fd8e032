import type {
	ActiveTarget,
	ScrapeConfig,
} from "../clients/prometheus-schemas.ts";
import { describeLoss, findLosingStep } from "../scraping/losing-step.ts";
import { readMetricRelabelling } from "../scraping/series-labels.ts";

type Labels = Readonly<Record<string, string>>;

/** Metrics, and the labels with which some machine of a homelab has them. */
export interface MachineSeries {
	/** What a person calls them. */
	readonly family: string;
	readonly metrics: readonly string[];
	/** Of each list one is to be left. */
	readonly machines?: readonly (readonly Labels[])[] | undefined;
}

/**
 * A sentence for each metric, and each kind of a homelab's disks, devices or file systems, of which a pool's metric
 * relabelling leaves no series.
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
			metrics.flatMap((__name__) =>
				machines.flatMap((alike) => {
					const lost = alike.map((each) => {
						const own = { ...each, __name__ };
						return findLosingStep(steps, { ...labels, ...own }, own);
					});
					const [step] = lost;
					return step && lost.every((each) => each !== undefined)
						? [
								`no ${family} series (${__name__} with ${alike.map(describeLabels).join(" or ")}) of a homelab's machines would be stored: ${describeLoss(scrapePool, step)}`,
							]
						: [];
				}),
			),
		);
	});
	return [...new Set(sentences)];
}

function describeLabels(labels: Labels): string {
	return Object.values(labels).join(" ");
}
