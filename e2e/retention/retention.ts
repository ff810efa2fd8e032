import type { PrometheusClient } from "../clients/prometheus.ts";
import { parseDuration } from "../common/duration.ts";
import { parseSize } from "../common/sizes.ts";

/** How much Prometheus keeps; what is missing is not limited. */
export interface Retention {
	/** Milliseconds. */
	readonly time?: number;
	readonly bytes?: number;
}

/** Reads what Prometheus says of its retention, e.g. `6d or 8GiB`. @throws RangeError where it is neither time nor size */
export function parseRetention(text: string): Retention {
	const parts = text.split(" or ").filter(Boolean);
	const size = parts.find((part) => part.endsWith("B"));
	const time = parts.find((part) => part !== size);
	return {
		...(time && { time: parseDuration(time) }),
		...(size && { bytes: parseSize(size) }),
	};
}

/**
 * What is in force. Where the retention stands in the configuration, a reload changes it, and the runtime information
 * tells of the one before: the metrics go first. Older versions have none of the time.
 */
export async function readRetention(
	prometheus: PrometheusClient,
): Promise<Retention> {
	const { storageRetention } = await prometheus.runtimeInfo();
	const metrics = await prometheus.metrics();
	const limit = (unit: string) =>
		metrics.find(
			({ name }) => name === `prometheus_tsdb_retention_limit_${unit}`,
		)?.value;
	return retentionInForce(parseRetention(storageRetention), {
		seconds: limit("seconds"),
		bytes: limit("bytes"),
	});
}

/** @param limits as the metrics tell them: 0 is none, undefined is not told */
export function retentionInForce(
	told: Retention,
	{
		seconds,
		bytes,
	}: {
		readonly seconds?: number | undefined;
		readonly bytes?: number | undefined;
	},
): Retention {
	const time = seconds === undefined ? told.time : seconds * 1000;
	const size = bytes ?? told.bytes;
	return { ...(time && { time }), ...(size && { bytes: size }) };
}
