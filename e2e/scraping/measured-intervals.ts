import type { ExposedSample } from "../clients/exposition.ts";

const metric = "prometheus_target_interval_length_seconds";

/** What Prometheus has measured between scrapes of targets that it was asked to scrape at one interval. */
export interface MeasuredInterval {
	/** The interval that was asked for, as Go writes it (`1m0s`). */
	readonly asked: string;
	/** How many it has measured; a target's first scrape has none. */
	readonly count: number;
	/** Seconds, of the last ten minutes. */
	readonly median: number;
}

/** @param samples of Prometheus' own exposition */
export function readMeasuredIntervals(
	samples: readonly ExposedSample[],
): MeasuredInterval[] {
	const medianOf = (asked: string) =>
		samples.find(
			({ name, labels }) =>
				name === metric &&
				labels.interval === asked &&
				labels.quantile === "0.5",
		)?.value ?? Number.NaN;
	return samples
		.filter(({ name }) => name === `${metric}_count`)
		.map(({ labels: { interval = "" }, value }) => ({
			asked: interval,
			count: value,
			median: medianOf(interval),
		}));
}
