import type { ExposedSample } from "../clients/exposition.ts";
import type { ActiveTarget } from "../clients/prometheus-schemas.ts";
import { parseDuration } from "../common/duration.ts";

const metric = "prometheus_target_interval_length_seconds";

/** The intervals that Prometheus has measured between scrapes of all targets with the same configured interval. */
export interface MeasuredInterval {
	/** The configured interval, as Go prints it (`1m0s`). */
	readonly configured: string;
	/** How many it has measured; a target's first scrape does not count. */
	readonly count: number;
	/** Seconds, over the last ten minutes. */
	readonly median: number;
}

/** @param samples Prometheus' own metrics */
export function readMeasuredIntervals(
	samples: readonly ExposedSample[],
): MeasuredInterval[] {
	const medianOf = (configured: string) =>
		samples.find(
			({ name, labels }) =>
				name === metric &&
				labels.interval === configured &&
				labels.quantile === "0.5",
		)?.value ?? Number.NaN;
	return samples
		.filter(({ name }) => name === `${metric}_count`)
		.map(({ labels: { interval = "" }, value }) => ({
			configured: interval,
			count: value,
			median: medianOf(interval),
		}));
}

/**
 * The measurements of intervals that targets have now: until it restarts, Prometheus also keeps those of intervals that
 * no target has any more. All of them if it does not report its targets' intervals.
 */
export function takeCurrent(
	measured: readonly MeasuredInterval[],
	active: readonly Pick<ActiveTarget, "scrapeInterval">[],
): MeasuredInterval[] {
	const current = active.flatMap(({ scrapeInterval }) =>
		scrapeInterval === undefined ? [] : [parseDuration(scrapeInterval)],
	);
	return measured.filter(
		({ configured }) =>
			current.length < active.length ||
			current.includes(parseDuration(configured)),
	);
}
