import { memoize } from "es-toolkit";
import { z } from "zod";
import type {
	ActiveTarget,
	ScrapeConfig,
} from "../clients/prometheus-schemas.ts";
import { oncePerObject } from "../common/parsing/once-per-object.ts";
import { parseAs } from "../common/parsing/parse-as.ts";
import {
	type RelabelStep,
	relabelSteps,
	relabelWith,
} from "../common/relabelling/relabel.ts";

const metricRelabelled = z.looseObject({
	metric_relabel_configs: relabelSteps,
});

/** How a pool relabels what its targets expose. */
export function readMetricRelabelling(
	pool: string,
	configs: readonly ScrapeConfig[],
): readonly RelabelStep[] {
	return relabellingIn(configs)(pool);
}

/** Asked for each target and each metric: it is parsed once for a configuration that was loaded. */
const relabellingIn = oncePerObject((configs: readonly ScrapeConfig[]) =>
	memoize((pool: string): readonly RelabelStep[] => {
		const config = configs.find(({ job_name }) => job_name === pool);
		return parseAs(
			metricRelabelled,
			config ?? {},
			`scrape pool ${pool} of the configuration that Prometheus has loaded`,
		).metric_relabel_configs;
	}),
);

/** The labels by which a target is known, as the series of one of its metrics have them. */
export function keyOfSeries(
	{ labels, scrapePool }: Pick<ActiveTarget, "labels" | "scrapePool">,
	metric: string,
	configs: readonly ScrapeConfig[],
): string {
	const steps = readMetricRelabelling(scrapePool, configs);
	return sourceOf(relabelWith(steps, { ...labels, __name__: metric }) ?? {});
}

/** The same of a series. */
export function sourceOf({
	job,
	instance,
}: Readonly<Record<string, string>>): string {
	return `job ${job}, instance ${instance}`;
}
