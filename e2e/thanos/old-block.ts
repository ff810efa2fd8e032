import { makeBlock, pickRange } from "../blocks/long-block.ts";
import { blockMeta } from "../clients/block-meta.ts";
import type { BucketClient } from "../clients/bucket.ts";
import { clusterNow } from "../common/clock/cluster-clock.ts";
import { makeSelector } from "../common/promql/expressions.ts";
import type { TimeRange } from "../common/time-range.ts";
import type { Tools } from "../harness/cluster/tools.ts";
import type { LedgerSeries } from "../ledger/writer.ts";

const minute = 60_000;
const day = 24 * 60 * minute;
/** A sample each minute in two hours, as the homelab scrapes. */
const samplesPerSeries = 120;
/** About as many as a page of the shipped dashboards reads of a day: small limits of queries show. */
export const seriesCount = 1000;

/** A block a year old, as the sidecar would have uploaded it then. Prometheus never had it. */
export interface OldBlock extends TimeRange {
	readonly ulid: string;
	/** Of its many series. */
	readonly selector: string;
	/** Of all of them together. */
	readonly sampleCount: number;
	/** How many of them are of the ledger's own series. */
	readonly ledgerSamples: number;
}

/** Two hours about a year ago that no block covers. */
export function pickOldRange(
	taken: readonly TimeRange[],
	now = clusterNow(),
): TimeRange {
	return pickRange(taken, now, { from: 365 * day, to: 400 * day });
}

/** Samples of many series, and of a ledger's, in the format from which promtool makes a block. */
export function makeOldSamples(
	{ minTime }: TimeRange,
	ledger: LedgerSeries,
	many: string,
): string {
	const write = (selector: string) =>
		Array.from(
			{ length: samplesPerSeries },
			(_, i) => `${selector} ${i + 1} ${(minTime + i * minute) / 1000}`,
		);
	const series = Array.from({ length: seriesCount }, (_, part) =>
		makeSelector(many, { ...ledger.labels, part: String(part) }),
	);
	return [
		`# TYPE ${ledger.name} gauge`,
		...write(makeSelector(ledger.name, ledger.labels)),
		`# TYPE ${many} gauge`,
		...series.flatMap(write),
		"# EOF",
		"",
	].join("\n");
}

/** The day before and after what is as old as a retention of so many milliseconds. */
export function aroundAge(age: number, now = clusterNow()): TimeRange {
	return { minTime: now - age - day, maxTime: now - age + day };
}

/**
 * Uploads a block a year old.
 *
 * @param labels the external labels that blocks had then
 * @param taken where another block is about to be uploaded
 */
export async function uploadOldBlock(
	bucket: BucketClient,
	tools: Tools,
	ledger: LedgerSeries,
	labels: Readonly<Record<string, string>>,
	taken: TimeRange,
): Promise<OldBlock> {
	// A compactor stops at two blocks of a bucket that overlap.
	const uploaded = await bucket.blocks();
	const range = pickOldRange([
		taken,
		...(await Promise.all(uploaded.map((each) => bucket.meta(each)))),
	]);
	const many = `${ledger.name}_of_old`;
	const { block: ulid, files } = await makeBlock(
		tools,
		makeOldSamples(range, ledger, many),
	);
	const { "meta.json": meta, ...all } = files;
	const data = Object.entries(all).filter(([path]) => path !== "tombstones");
	for (const [path, content] of data)
		await bucket.put(`${ulid}/${path}`, content);
	// As the sidecar does it: the block exists from the moment that this file does.
	const described = {
		...blockMeta.parse(JSON.parse(String(meta))),
		thanos: {
			version: 1,
			labels,
			downsample: { resolution: 0 },
			source: "sidecar",
			files: [
				...data.map(([rel_path, { length }]) => ({
					rel_path,
					size_bytes: length,
				})),
				{ rel_path: "meta.json" },
			],
		},
	};
	await bucket.put(`${ulid}/meta.json`, Buffer.from(JSON.stringify(described)));
	return {
		...range,
		ulid,
		selector: makeSelector(many, ledger.labels),
		sampleCount: seriesCount * samplesPerSeries,
		ledgerSamples: samplesPerSeries,
	};
}
