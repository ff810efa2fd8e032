import { type ExposedSample, sumOf } from "../clients/exposition.ts";

const reasons = {
	"out of bounds": "prometheus_target_scrapes_sample_out_of_bounds_total",
	"out of order": "prometheus_target_scrapes_sample_out_of_order_total",
} as const;

/**
 * How many scraped samples Prometheus has refused because of their timestamps. A head accepts nothing older than half a
 * block's length: an hour in production, but 22 s with compressed time, and cAdvisor's own timestamps may be older.
 * So the number is reported, but nothing fails because of it.
 *
 * @param since the counters at the start; leave it out if Prometheus has restarted since
 * @throws Error if Prometheus does not have the counters
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
	return `scraped samples that Prometheus has refused since then: ${counts.join(", ")}`;
}
