import type { BucketClient } from "../clients/bucket.ts";
import { parseNumber } from "../clients/exposition.ts";
import type { Tools } from "../harness/cluster/tools.ts";
import type { StoredSample } from "./history.ts";

/** Samples by the labels of their series, as promtool writes them. */
export type DumpedSeries = ReadonlyMap<string, readonly StoredSample[]>;

/** Reads series from an uploaded block: from its objects alone, without Prometheus. */
export async function dumpBlock(
	bucket: BucketClient,
	tools: Tools,
	block: string,
	selector: string,
): Promise<DumpedSeries> {
	const objects = Object.entries(await bucket.download(block));
	const { stdout } = await tools.promtool(
		["tsdb", "dump", `--match=${selector}`, "data"],
		{
			files: {
				// promtool opens a whole database, which has a WAL.
				"data/wal/": "",
				...Object.fromEntries(
					objects.map(([path, content]) => [`data/${block}/${path}`, content]),
				),
			},
		},
	);
	return parseDump(stdout);
}

/** Reads lines like `{__name__="up", job="x"} 1 1700000000000`. */
export function parseDump(text: string): DumpedSeries {
	const series = new Map<string, StoredSample[]>();
	for (const line of text.split("\n")) {
		const [, labels, value, timestamp] =
			/^(\{.*\}) (\S+) (\d+)$/.exec(line) ?? [];
		if (!labels || !value || !timestamp) continue;
		const sample = { timestamp: Number(timestamp), value: parseNumber(value) };
		const samples = series.get(labels);
		if (samples) samples.push(sample);
		else series.set(labels, [sample]);
	}
	return series;
}
