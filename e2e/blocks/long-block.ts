import { ulid } from "../clients/ulid.ts";
import { clusterNow } from "../common/clock/cluster-clock.ts";
import { overlap, type TimeRange } from "../common/time-range.ts";
import type { Nodes } from "../harness/cluster/nodes.ts";
import type { PrometheusProcess } from "../harness/cluster/prometheus-pod.ts";
import type { Tools } from "../harness/cluster/tools.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** The length that Prometheus gives its blocks in production. */
export const productionLength = 2 * hour;

/**
 * Picks a range that a production block could have had: aligned, and without overlap with any block that is there.
 *
 * @param ages milliseconds; by default well inside the 6 days of retention
 * @throws Error when all are taken, after many runs on one cluster
 */
export function pickRange(
	taken: readonly TimeRange[],
	now = clusterNow(),
	ages = { from: day, to: 5 * day },
): TimeRange {
	const newest =
		Math.floor((now - ages.from) / productionLength) * productionLength;
	for (
		let minTime = newest;
		minTime > now - ages.to;
		minTime -= productionLength
	) {
		const range = { minTime, maxTime: minTime + productionLength };
		if (!taken.some((each) => overlap(each, range))) return range;
	}
	throw new Error(
		"blocks of earlier runs cover every two hours that could be used: start a new cluster",
	);
}

/** A sample each minute, and one in the last millisecond, so that the block is as long as its range. */
export function makeLongSamples({ minTime, maxTime }: TimeRange) {
	const times: number[] = [];
	for (let time = minTime; time < maxTime; time += minute) times.push(time);
	return [...times, maxTime - 1].map((timestamp, index) => ({
		timestamp,
		value: index + 1,
	}));
}

/** Samples of one series in the format from which promtool makes blocks. */
export function makeOpenMetrics(
	metric: string,
	selector: string,
	samples: readonly { timestamp: number; value: number }[],
): string {
	const lines = samples.map(
		({ timestamp, value }) =>
			`${selector} ${value} ${(timestamp / 1000).toFixed(3)}`,
	);
	return [`# TYPE ${metric} gauge`, ...lines, "# EOF", ""].join("\n");
}

/** Makes one block from an OpenMetrics text, without Prometheus. */
export async function makeBlock(
	tools: Tools,
	openMetrics: string,
): Promise<{ block: string; files: Record<string, Buffer> }> {
	const made = await tools.promtool(
		["tsdb", "create-blocks-from", "openmetrics", "samples.om", "blocks"],
		{ files: { "samples.om": openMetrics }, take: "blocks" },
	);
	const blocks = new Set(
		Object.keys(made.files).map((path) => path.split("/")[0] ?? ""),
	);
	const [block = "", ...others] = [...blocks].filter((name) => ulid.test(name));
	if (!block || others.length > 0)
		throw new Error(
			`promtool made ${blocks.size} blocks, not one: ${made.stdout}`,
		);
	const files = Object.entries(made.files).map(
		([path, content]): [string, Buffer] => [
			path.slice(block.length + 1),
			content,
		],
	);
	return { block, files: Object.fromEntries(files) };
}

/** Places a block among those of Prometheus, with their owner; it is complete from the moment it is visible. */
export async function placeBlock(
	nodes: Nodes,
	{ data: { node, folder } }: PrometheusProcess,
	block: string,
	files: Readonly<Record<string, Buffer>>,
): Promise<void> {
	// Neither Prometheus nor the sidecar takes a folder with this name for a block.
	const unfinished = `${folder}/${block}.tmp-for-e2e`;
	await nodes.exec(node, ["mkdir", unfinished]);
	await nodes.copyIn(node, unfinished, files);
	await nodes.script(
		node,
		'chown -R "$(stat -c %u:%g "$1/wal")" "$2" && chmod -R u+rwX "$2" && mv "$2" "$1/$3"',
		folder,
		unfinished,
		block,
	);
}
