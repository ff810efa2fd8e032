import { type ExposedSample, sumOf } from "../clients/exposition.ts";

const reasons = {
	"out of bounds": "prometheus_target_scrapes_sample_out_of_bounds_total",
	"out of order": "prometheus_target_scrapes_sample_out_of_order_total",
} as const;

/**
 * Tells how many scraped samples Prometheus has refused for their timestamps. A head takes nothing that is older than
 * half a block's length: an hour in production, and 15 s where time is compressed, which cAdvisor's own timestamps
 * may exceed. So the figure is told and accuses nobody.
 *
 * @param since what was counted at the beginning; none where Prometheus has begun since
 * @throws Error when Prometheus does not count them
 */
export function describeRefusedSamples(
	metrics: readonly ExposedSample[],
	since: readonly ExposedSample[] = [],
): string {
	const counts = Object.entries(reasons).map(([reason, name]) => {
		if (!metrics.some((each) => each.name === name))
			throw new Error(`Prometheus has no counter ${name}`);
		return `${sumOf(metrics, name) - sumOf(since, name)} ${reason}`;
	});
	return `scraped samples that Prometheus refused meanwhile: ${counts.join(", ")}`;
}
