import { checkReading, describeFlaws } from "../../../ledger/checker.ts";
import { readFromPrometheus } from "../../../ledger/readers.ts";
import { findLostScrapes } from "../../../ledger/scraped.ts";
import type { StartedLedger } from "../../../ledger/writer.ts";
import { countOf, notInBlocks, readScraped } from "../scraped.ts";
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
		const others = notInBlocks(all, inBlocks);
		const lost = countOf(others) > 0 ? findLostScrapes(others, now) : [];
		return {
			flaws: findLostScrapes(inBlocks, now),
			notes: [
				`${countOf(inBlocks)} samples in blocks, and ${countOf(all) - countOf(inBlocks)} that were not in a block yet`,
				// A series that left the head and came back can lose what is only in the WAL at the next start, with or
				// without an upgrade: prometheus#16058. The ledger shows whether the WAL is replayed.
				...lost.map((each) => `of those not in blocks, ${each}`),
			],
		};
	},
};

/** Checks that every acknowledged sample of a ledger is stored once. */
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
