import { randomBytes } from "node:crypto";
import type { PrometheusClient } from "../../clients/prometheus.ts";
import { clusterNow } from "../../common/clock/cluster-clock.ts";
import { messageOf } from "../../common/errors.ts";
import type { IrreversibleFault } from "../../common/fault.ts";

const seriesPerWrite = 16;
/** Characters of each series' label: labels fill a disk fastest, because nothing compresses them. */
const labelLength = 64 * 1024;

const longSeries = "o11y_e2e_long";

/** What filled a disk. */
interface Filling {
	/** Names of the writes that were acknowledged. */
	readonly writes: readonly string[];
	/** The answer to the write that was not. */
	readonly refusal: string;
	/** When that was sent, in milliseconds. */
	readonly at: number;
}

/**
 * Prometheus is sent long series until its disk is full.
 *
 * @param limit of writes, 1 MiB each, after which this is given up
 */
export function makeFullDisk(
	client: PrometheusClient,
	limit: number,
): IrreversibleFault<Filling> {
	return {
		name: "Prometheus' disk is full",
		inflict: async () => {
			const writes: string[] = [];
			while (writes.length < limit) {
				const at = clusterNow();
				const write = String(writes.length);
				try {
					await writeLongSeries(client, write);
					writes.push(write);
				} catch (error) {
					return { writes, refusal: messageOf(error), at };
				}
			}
			throw new Error(`Prometheus took ${limit} MiB of labels`);
		},
	};
}

/** Writes series with long labels, about 1 MiB of them. @param write its name, by which they are counted */
export async function writeLongSeries(
	client: PrometheusClient,
	write: string,
): Promise<void> {
	const timestamp = clusterNow();
	await client.write(
		Array.from({ length: seriesPerWrite }, () => ({
			labels: {
				__name__: longSeries,
				write,
				id: randomBytes((labelLength * 3) / 4).toString("base64url"),
			},
			samples: [{ timestamp, value: 1 }],
		})),
	);
}

/** Those of the writes whose series are not all there. */
export async function findLostWrites(
	client: PrometheusClient,
	writes: readonly string[],
): Promise<string[]> {
	const found = await client.query(
		`count by (write) (last_over_time(${longSeries}[1h]))`,
	);
	const counts = new Map(
		found.map(({ metric, value }) => [metric.write, value?.value]),
	);
	return writes.filter((write) => counts.get(write) !== seriesPerWrite);
}
