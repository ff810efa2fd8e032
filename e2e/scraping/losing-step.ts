import type { ScrapeConfig } from "../clients/prometheus-schemas.ts";
import {
	describeStep,
	type RelabelStep,
	relabelWith,
} from "../common/relabelling/relabel.ts";
import { readMetricRelabelling } from "./series-labels.ts";

type Labels = Readonly<Record<string, string>>;

/**
 * The step of metric relabelling that drops a series, or changes one of some labels; undefined if none does.
 *
 * @param own labels of the series that must stay as they are
 */
export function findLosingStep(
	steps: readonly RelabelStep[],
	series: Labels,
	own: Labels,
): RelabelStep | undefined {
	return steps.find((_, i) => {
		const after = relabelWith(steps.slice(0, i + 1), series);
		return Object.entries(own).some(([name, value]) => after?.[name] !== value);
	});
}

/** The same of a pool, as a clause. @param series with the labels of its target, before metric relabelling */
export function whyLost(
	pool: string,
	configs: readonly ScrapeConfig[],
	series: Labels,
	own: Labels,
): string | undefined {
	const steps = readMetricRelabelling(pool, configs);
	const step = findLosingStep(steps, series, own);
	return step && describeLoss(pool, step);
}

export function describeLoss(pool: string, step: RelabelStep): string {
	return `metric relabelling of ${pool} drops or changes them (${describeStep(step)})`;
}
