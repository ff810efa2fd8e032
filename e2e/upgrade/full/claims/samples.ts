import type { RangeSeries } from "../../../clients/prometheus.ts";
import { compareToLedger } from "../../../ledger/history.ts";
import type { StartedLedger } from "../../../ledger/writer.ts";
import { findLostSamples, readLedgerBack } from "../../../wal/crash.ts";
import type { Stack } from "../state.ts";
import type { Finding, UpgradeClaim } from "./claim.ts";

export const noSampleIsLost: UpgradeClaim = {
	id: "no-sample-is-lost",
	title: "every acknowledged sample of the remote writer is stored once",
	reason: "samples-lost",
	check: async ({ stack, ledger }) =>
		ledger
			? checkLedger(stack, ledger)
			: { skipped: "the stack takes no remote writes" },
};

export const oldBlocksAreAnswered: UpgradeClaim = {
	id: "old-blocks-are-answered",
	title: "queries still return what blocks held before the upgrade",
	reason: "samples-lost",
	check: async ({ stack, window, scrapedBefore }) => {
		const { inBlocks, all } = scrapedBefore;
		if (countOf(inBlocks) === 0)
			return { skipped: "no block held a scraped sample yet" };
		const now = (await readScraped(stack, window.from)).all;
		const lost = findLostSamples(notInBlocks(all, inBlocks), now);
		return {
			flaws: findLostSamples(inBlocks, now),
			notes: [
				`${countOf(inBlocks)} samples in blocks, and ${countOf(all) - countOf(inBlocks)} that were not in a block yet`,
				// A series that left the head and came back can lose what is only in the WAL at the next start, with or
				// without an upgrade: prometheus#16058. The ledger shows whether the WAL is replayed.
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

/** Checks that every acknowledged sample of a ledger is stored once. */
export async function checkLedger(
	stack: Stack,
	ledger: StartedLedger,
): Promise<Finding> {
	const { written, stored } = await readLedgerBack({ ...stack, ledger });
	const values = stored.flatMap((series) => series.values);
	const taken = written.filter((entry) => entry.acknowledgedAt).length;
	return {
		flaws: compareToLedger(written, values),
		notes: [`${taken} of ${written.length} samples were acknowledged`],
	};
}
