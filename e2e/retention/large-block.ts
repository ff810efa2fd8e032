import { randomBytes } from "node:crypto";
import { makeBlock, placeBlock } from "../blocks/long-block.ts";
import type { TimeRange } from "../common/time-range.ts";
import type { Nodes } from "../harness/cluster/nodes.ts";
import type { PrometheusProcess } from "../harness/cluster/prometheus-pod.ts";
import type { Tools } from "../harness/cluster/tools.ts";

const metric = "o11y_e2e_large";
const seriesCount = 48;
/** Characters of each series' label, which nothing compresses; a block has each of them twice. */
const labelLength = 64 * 1024;

/** A block of about 6 MiB. */
interface LargeBlock extends TimeRange {
	readonly ulid: string;
	/** A query of how many series it has, at its end. */
	readonly count: string;
	readonly series: number;
}

/** Places a large block among those of Prometheus. @param range two hours between even ones, as a block's */
export async function plantLargeBlock(
	tools: Tools,
	nodes: Nodes,
	local: PrometheusProcess,
	range: TimeRange,
): Promise<LargeBlock> {
	const seconds = (range.maxTime - 1000) / 1000;
	const lines = Array.from({ length: seriesCount }, () => {
		const id = randomBytes((labelLength * 3) / 4).toString("base64url");
		return `${metric}{id="${id}"} 1 ${seconds}`;
	});
	const { block: ulid, files } = await makeBlock(
		tools,
		[`# TYPE ${metric} gauge`, ...lines, "# EOF", ""].join("\n"),
	);
	await placeBlock(nodes, local, ulid, files);
	return { ...range, ulid, count: `count(${metric})`, series: seriesCount };
}
