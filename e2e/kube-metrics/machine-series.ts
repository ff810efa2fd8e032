import type {
	ActiveTarget,
	ScrapeConfig,
} from "../clients/prometheus-schemas.ts";
import type { RelabelStep } from "../common/relabelling/relabel.ts";
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
 * relabelling leaves no series. A rule that lists what it keeps may name the only disk of a machine: it must leave one
 * kind.
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
			metrics.flatMap((__name__) => {
				const kinds = machines.map((alike) => ({
					alike,
					step: findStepAgainstAll(steps, { ...labels, __name__ }, alike),
				}));
				const isAnyLeft = kinds.some(({ step }) => !step);
				return kinds.flatMap(({ alike, step }) =>
					!step || (step.action === "keep" && isAnyLeft)
						? []
						: `no ${family} series (${__name__} with ${alike.map(describeLabels).join(" or ")}) of a homelab's machines would be stored: ${describeLoss(scrapePool, step)}`,
				);
			}),
		);
	});
	return [...new Set(sentences)];
}

/** The step that loses the first of several series; undefined if any of them is kept as it is. */
function findStepAgainstAll(
	steps: readonly RelabelStep[],
	series: Labels & { readonly __name__: string },
	alike: readonly Labels[],
): RelabelStep | undefined {
	const { __name__ } = series;
	const lost = alike.map((own) =>
		findLosingStep(steps, { ...series, ...own }, { ...own, __name__ }),
	);
	return lost.every((each) => each !== undefined) ? lost[0] : undefined;
}

function describeLabels(labels: Labels): string {
	return Object.values(labels).join(" ");
}
