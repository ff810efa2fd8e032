import {
	compareToLedger,
	type LedgerEntry,
	type StoredSample,
} from "./history.ts";

/** What a fault cost, beside what had been taken before it. */
export interface Loss {
	/** Acknowledged before the fault, oldest first. */
	readonly before: readonly LedgerEntry[];
	/** Those of them that are gone, oldest first. */
	readonly lost: readonly LedgerEntry[];
	/** What is wrong with the rest: none is missing, altered or there twice. */
	readonly otherwise: readonly string[];
}

/** @param moment of the fault, in milliseconds */
export function findLoss(
	written: readonly LedgerEntry[],
	stored: readonly StoredSample[],
	moment: number,
): Loss {
	const there = new Set(stored.map(({ timestamp }) => timestamp));
	const before = written.filter(
		({ acknowledgedAt }) => acknowledgedAt && acknowledgedAt < moment,
	);
	const lost = before.filter(({ timestamp }) => !there.has(timestamp));
	const gone = new Set(lost);
	const rest = written.filter((entry) => !gone.has(entry));
	return { before, lost, otherwise: compareToLedger(rest, stored) };
}
