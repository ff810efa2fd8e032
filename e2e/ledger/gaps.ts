import {
	type AcknowledgedEntry,
	isAcknowledged,
	type LedgerEntry,
} from "./history.ts";

/** A time in which something that should have been there was not, in milliseconds since the epoch. */
export interface Gap {
	readonly from: number;
	readonly to: number;
}

/** Numbers in a row without an acknowledgement, from the last acknowledgement before them to the first after them. */
export interface LedgerGap extends Gap {
	/** At least one. */
	readonly entries: readonly LedgerEntry[];
}

/** The gaps between neighbouring times. @param times ascending, in milliseconds */
export function gapsBetween(times: readonly number[]): Gap[] {
	return times.slice(1).map((to, i) => ({ from: times[i] ?? to, to }));
}

/** The gaps of a ledger that ended after a moment in milliseconds, oldest first. */
export function findGaps(
	entries: readonly LedgerEntry[],
	since = 0,
): LedgerGap[] {
	const gaps: LedgerGap[] = [];
	let before: AcknowledgedEntry | undefined;
	let failed: LedgerEntry[] = [];
	for (const entry of entries) {
		if (!isAcknowledged(entry)) {
			failed.push(entry);
			continue;
		}
		const [first] = failed;
		const to = entry.outcome.at;
		if (first && to > since) {
			const from = before?.outcome.at ?? first.timestamp;
			gaps.push({ from, to, entries: failed });
		}
		before = entry;
		failed = [];
	}
	return gaps;
}

/** A gap of a ledger as a report shows it. */
export function describeGap({ from, to, entries }: LedgerGap): string {
	const [first] = entries;
	const last = entries.at(-1);
	const outcome = last?.outcome;
	const failure = outcome && "reason" in outcome ? outcome.reason : "no answer";
	const refused = entries.filter((each) => each.outcome?.result === "refused");
	return `no sample was acknowledged for ${((to - from) / 1000).toFixed(1)} s: ${entries.length} writes failed (${first?.sequence} to ${last?.sequence}), ${refused.length} of them refused, the last with: ${failure}`;
}

/** The gaps that ended after a moment in milliseconds, as a report shows them. */
export function describeGaps(
	entries: readonly LedgerEntry[],
	since: number,
): string {
	return findGaps(entries, since).map(describeGap).join("; ");
}
