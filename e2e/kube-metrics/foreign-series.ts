import type {
	ActiveTarget,
	ScrapeConfig,
} from "../clients/prometheus-schemas.ts";
import { parseAs } from "../common/parsing/parse-as.ts";
import { examplesForStep } from "../common/relabelling/examples.ts";
import { traceLabels } from "../common/relabelling/label-origins.ts";
import type { RelabelStep } from "../common/relabelling/relabel.ts";
import { describeLoss, findLosingStep } from "../scraping/losing-step.ts";
import { relabelled } from "../scraping/relabel-rule.ts";
import { readMetricRelabelling } from "../scraping/series-labels.ts";

type Labels = Readonly<Record<string, string>>;

/** Metrics that are promised of every object of a kind. */
export interface PromisedSeries {
	readonly metrics: readonly string[];
	/** Whether one of the metrics says as much as all of them. */
	readonly oneIsEnough?: boolean;
	/** The labels that they have of themselves, with values of an object that the cluster does not have. */
	readonly own: Labels;
	/** The same of labels that tell objects apart, their own and their targets'. */
	readonly identity: Labels;
}

/** A step of metric relabelling, with what it decides by. */
interface TracedStep {
	readonly step: RelabelStep;
	/** The exposed and target labels that each of its source labels is made of. */
	readonly origins: ReadonlyMap<string, readonly string[]>;
}

/**
 * A sentence for each metric that a pool's metric relabelling takes away from some objects: those of which its rules speak,
 * or which they do not list. The homelab has other namespaces, pods and nodes than the test. What is dropped of every object
 * alike, by the metric's name, is not told here.
 */
export function findLostOfOthers(
	series: readonly PromisedSeries[],
	targets: readonly Pick<ActiveTarget, "labels" | "scrapePool">[],
	configs: readonly ScrapeConfig[],
): string[] {
	// Targets of one pool have the same rules.
	const pools = new Map(
		targets.map(({ scrapePool, labels }) => [scrapePool, labels]),
	);
	const sentences = [...pools].flatMap(([pool, labels]) => {
		const steps = traceSteps(pool, configs);
		return series.flatMap((each) =>
			listOthers(each, steps).flatMap((identity) => {
				const losses = each.metrics.flatMap(
					(metric) =>
						findLoss(steps, labels, { ...each, identity }, metric) ?? [],
				);
				const isLost =
					!each.oneIsEnough || losses.length === each.metrics.length;
				return (isLost ? losses : []).map(
					({ metric, step, of }) =>
						`${metric} of ${of} would not be stored as it is: ${describeLoss(pool, step)}`,
				);
			}),
		);
	});
	return [...new Set(sentences)];
}

function traceSteps(
	pool: string,
	configs: readonly ScrapeConfig[],
): TracedStep[] {
	const config = configs.find(({ job_name }) => job_name === pool);
	const traced = traceLabels(
		parseAs(relabelled, config ?? {}, `scrape pool ${pool}`)
			.metric_relabel_configs,
	);
	return readMetricRelabelling(pool, configs).map((step, i) => {
		const before = traced[i - 1]?.after;
		return {
			step,
			origins: new Map(
				step.source_labels.map((label) => [
					label,
					before?.get(label) ?? [label],
				]),
			),
		};
	});
}

/** The labels of an object that no rule lists, and of those that the rules speak of. */
function listOthers(
	{ identity }: PromisedSeries,
	steps: readonly TracedStep[],
): Labels[] {
	const named = steps.flatMap(({ step, origins }) => {
		const isAbout = [...origins.values()]
			.flat()
			.some((label) => label in identity);
		if (!isAbout) return [];
		return examplesForStep(step).map((example) =>
			Object.fromEntries(
				Object.entries(example).flatMap(([label, value]) =>
					(origins.get(label) ?? [])
						// Every object has a name.
						.filter((origin) => origin in identity && value !== "")
						.map((origin) => [origin, value]),
				),
			),
		);
	});
	return [identity, ...named.map((each) => ({ ...identity, ...each }))];
}

function findLoss(
	steps: readonly TracedStep[],
	labels: Labels,
	{ own, identity }: PromisedSeries,
	metric: string,
):
	| { readonly metric: string; readonly step: RelabelStep; readonly of: string }
	| undefined {
	const kept = {
		__name__: metric,
		...Object.fromEntries(
			Object.entries(own).map(([name, value]) => [
				name,
				identity[name] ?? value,
			]),
		),
	};
	const lost = findLosingStep(
		steps.map(({ step }) => step),
		{ ...labels, ...identity, ...kept },
		kept,
	);
	const traced = steps.find(({ step }) => step === lost);
	const of = [...(traced?.origins.values() ?? [])]
		.flat()
		.filter((label) => label in identity)
		.map((label) => `${label} ${identity[label]}`);
	return traced && of.length > 0
		? { metric, step: traced.step, of: [...new Set(of)].join(", ") }
		: undefined;
}
