import type { BlockMeta } from "../clients/block-meta.ts";
import type { BucketClient } from "../clients/bucket.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import type { ThanosClient } from "../clients/thanos.ts";
import type { Tools } from "../harness/cluster/tools.ts";
import { dumpBlock } from "./block-dump.ts";
import type { Reading } from "./checker.ts";
import type { History, LedgerEntry } from "./history.ts";
import type { StartedLedger } from "./writer.ts";

/** What a reader needs of a ledger. */
type ReadableLedger = Pick<StartedLedger, "history" | "selector">;

/** The numbers up to the last that was acknowledged: an answer to a later question has all of them that are stored. */
interface Readable {
	readonly first: LedgerEntry;
	readonly last: LedgerEntry;
	readonly written: readonly LedgerEntry[];
}

/** @throws Error when nothing was acknowledged */
function readableNow({ entries, acknowledged }: History): Readable {
	const [first] = entries;
	const last = acknowledged.at(-1);
	if (!first || !last) throw new Error("nothing was acknowledged");
	const written = entries.filter(({ sequence }) => sequence <= last.sequence);
	return { first, last, written };
}

/** What Prometheus has of a ledger. @throws Error when nothing was acknowledged */
export async function readFromPrometheus(
	prometheus: Pick<PrometheusClient, "rawSamples">,
	{ history, selector }: ReadableLedger,
): Promise<Reading> {
	const { first, last, written } = readableNow(history);
	// A range that ends when Prometheus answers would begin too late if that takes a while. Its beginning is left out.
	const range = `${last.timestamp - first.timestamp + 1}ms`;
	const series = await prometheus.rawSamples(selector, range, last.timestamp);
	return { written, series: series.map(({ values }) => values) };
}

/** What Thanos' query answers of a ledger. @throws Error when nothing was acknowledged */
export async function readFromThanos(
	thanos: Pick<ThanosClient, "rawSamples">,
	{ history, selector }: ReadableLedger,
): Promise<Reading> {
	const { last, written } = readableNow(history);
	const series = await thanos.rawSamples(selector, {
		from: history.startedAt,
		to: last.timestamp,
	});
	return { written, series: series.map(({ values }) => values) };
}

/** What an uploaded block has of a ledger, compared with what was written in the block's time range. */
export async function readFromBlock(
	{ bucket, tools }: { readonly bucket: BucketClient; readonly tools: Tools },
	block: BlockMeta,
	{ history, selector }: ReadableLedger,
): Promise<Reading> {
	const dumped = await dumpBlock(bucket, tools, block.ulid, selector);
	return { written: history.within(block), series: [...dumped.values()] };
}
