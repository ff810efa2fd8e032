import type { RangeSeries } from "../../../clients/prometheus.ts";
import { checkReading, describeFlaws } from "../../../ledger/checker.ts";
import { readFromPrometheus } from "../../../ledger/readers.ts";
import { findLostScrapes } from "../../../ledger/scraped.ts";
import type { StartedLedger } from "../../../ledger/writer.ts";
import type { Stack } from "../state.ts";
import type { Finding, UpgradeClaim } from "./claim.ts";

export const noSampleIsLost: UpgradeClaim = {
	id: "no-sample-is-lost",
	title: "every acknowledged sample of the remote writer is there once",
	reason: "samples-lost",
	check: async ({ stack, ledger }) =>
		ledger
			? checkLedger(stack, ledger)
			: { skipped: "the stack takes no remote writes" },
};

export const oldBlocksAreAnswered: UpgradeClaim = {
	id: "old-blocks-are-answered",
	title: "what blocks held before the upgrade is still answered",
	reason: "samples-lost",
	check: async ({ stack, window, scrapedBefore }) => {
		const { inBlocks, all } = scrapedBefore;
		if (countOf(inBlocks) === 0)
			return { skipped: "no block held a scraped sample yet" };
		const now = (await readScraped(stack, window.from)).all;
		const lost = findLostScrapes(notInBlocks(all, inBlocks), now);
		return {
			flaws: findLostScrapes(inBlocks, now),
			notes: [
				`${countOf(inBlocks)} samples of blocks, and ${countOf(all) - countOf(inBlocks)} that no block held yet`,
				// A series that went from the head and came back can lose what is only in the WAL at the next start,
				// whatever is upgraded: prometheus#16058. The ledger shows whether the WAL is replayed.
				...lost.map((each) => `of those not in blocks, ${each}`),
			],
		};
	},
};

/** What was scraped before a moment, and how much of it blocks held then. */
export interface Scraped {
	readonly all: readonly RangeSeries[];
	readonly inBlocks: readonly RangeSeries[];
}

/** How far back scraped samples are compared. */
const reachBefore = "10m";

/** Reads what was scraped before a moment, in milliseconds. */
export async function readScraped(
	{ prometheus }: Stack,
	moment: number,
): Promise<Scraped> {
	const { headStats } = await prometheus.tsdbStatus();
	const all = await prometheus.rawSamples("up", reachBefore, moment);
	return {
		all,
		inBlocks: all.map(({ metric, values }) => ({
			metric,
			values: values.filter(({ timestamp }) => timestamp < headStats.minTime),
		})),
	};
}

function notInBlocks(
	all: readonly RangeSeries[],
	inBlocks: readonly RangeSeries[],
): RangeSeries[] {
	return all.map(({ metric, values }, i) => ({
		metric,
		values: values.slice(inBlocks[i]?.values.length ?? 0),
	}));
}

function countOf(series: readonly RangeSeries[]): number {
	return series.reduce((total, { values }) => total + values.length, 0);
}

/** Every acknowledged sample of a ledger is there once. */
export async function checkLedger(
	{ prometheus }: Stack,
	ledger: StartedLedger,
): Promise<Finding> {
	const reading = await readFromPrometheus(prometheus, ledger);
	const comparison = checkReading(reading);
	const recovered = comparison.recovered.length;
	return {
		flaws: describeFlaws(comparison),
		notes: [
			`${comparison.acknowledged} of ${reading.written.length} samples were acknowledged`,
			...(recovered > 0
				? [`${recovered} others are stored, although their answer got lost`]
				: []),
		],
	};
}
