import type { PrometheusClient } from "../clients/prometheus.ts";
import { formatDuration, parseDuration } from "../common/duration.ts";
import { HopelessError } from "../common/eventually.ts";
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
	prometheus: Pick<PrometheusClient, "runtimeInfo" | "metrics">,
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

/** "Retention: 6 days or 8 GB, whichever comes first". */
export const promisedRetention = {
	time: 6 * 86_400_000,
	/** Prometheus' GB is a power of two, a disk's is not. */
	bytes: { least: 8e9, most: 8 * 2 ** 30 },
};

/** A sentence for each limit that is not as promised. */
export function explainRetention({ time, bytes }: Retention): string[] {
	const { least, most } = promisedRetention.bytes;
	// Nobody writes 8 GB to the last megabyte.
	const slack = 2 ** 20;
	const isSize =
		bytes !== undefined && bytes >= least - slack && bytes <= most + slack;
	const promise = '"Retention: 6 days or 8 GB, whichever comes first"';
	return [
		...(time === promisedRetention.time
			? []
			: [
					`${promise}: Prometheus keeps blocks ${time ? `for ${formatDuration(time)}` : "of any age"}, not for 144h`,
				]),
		...(isSize
			? []
			: [
					`${promise}: Prometheus keeps blocks of ${bytes ? `${bytes} bytes` : "any size"}, not of 8 GB (${least} to ${most} bytes)`,
				]),
	];
}

/**
 * Prometheus soon drops a block that is older than its retention, however long it is waited for.
 *
 * @param age of a block that the promised retention keeps, in milliseconds
 * @throws HopelessError if the retention in force does not keep it
 */
export function refuseIfShorter({ time }: Retention, age: number): void {
	if (time !== undefined && time < age)
		throw new HopelessError(
			`"Retention: 6 days": the block ended ${formatDuration(age)} ago, and Prometheus keeps blocks for ${formatDuration(time)} only`,
		);
}
