import { History, type LedgerEntry, type StoredSample } from "./history.ts";
import type { WriteOutcome } from "./outcome.ts";

/**
 * A history for unit tests, with a second between numbers.
 *
 * @param fates a letter a number: `a` acknowledged after 5 ms, `r` refused, `u` unknown, `p` not yet answered
 */
export function makeHistory(fates: string): History {
	const history = new History();
	for (const [index, fate] of [...fates].entries()) {
		const entry = history.next(1000 * (index + 1));
		const outcome = outcomes[fate]?.(entry);
		if (outcome) entry.outcome = outcome;
	}
	return history;
}

const outcomes: Readonly<Record<string, (entry: LedgerEntry) => WriteOutcome>> =
	{
		a: ({ timestamp }) => ({ result: "acknowledged", at: timestamp + 5 }),
		r: () => ({ result: "refused", reason: "400 out of order sample" }),
		u: () => ({ result: "unknown", reason: "503 no endpoints" }),
	};

/** Entries as they are once they are stored. */
export function store(entries: readonly LedgerEntry[]): StoredSample[] {
	return entries.map(({ timestamp, sequence }) => ({
		timestamp,
		value: sequence,
	}));
}
