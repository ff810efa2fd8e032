import type { PrometheusClient } from "../clients/prometheus.ts";
import { parseDuration } from "../common/duration.ts";
import { parseSize } from "../common/sizes.ts";

/** How much Prometheus keeps; a missing limit means that there is none. */
export interface Retention {
	/** Milliseconds. */
	readonly time?: number;
	readonly bytes?: number;
}

/** Reads a retention as Prometheus shows it, e.g. `6d or 8GiB`. @throws RangeError when it is neither time nor size */
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
 * What is in force. If the retention is in the configuration, a reload changes it, and the runtime information still shows
 * the one before: the metrics take precedence. Older versions have no metric of the time.
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

/** @param limits of the metrics: 0 means no limit, undefined no metric */
export function retentionInForce(
	shown: Retention,
	{
		seconds,
		bytes,
	}: {
		readonly seconds?: number | undefined;
		readonly bytes?: number | undefined;
	},
): Retention {
	const time = seconds === undefined ? shown.time : seconds * 1000;
	const size = bytes ?? shown.bytes;
	return { ...(time && { time }), ...(size && { bytes: size }) };
}
