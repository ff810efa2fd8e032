import { describe, expect, test } from "vitest";
import {
	compareToLedger,
	describeGap,
	Ledger,
	type LedgerEntry,
} from "./history.ts";

/** A second between numbers; `x` is refused, anything else acknowledged. */
function makeLedger(fates: string): Ledger {
	const ledger = new Ledger();
	for (const [index, fate] of [...fates].entries()) {
		const entry = ledger.next(1000 * (index + 1));
		if (fate === "x") entry.refusal = "503 no endpoints";
		else entry.acknowledgedAt = entry.timestamp + 5;
	}
	return ledger;
}

function store(entries: readonly LedgerEntry[]) {
	return entries.map(({ timestamp, sequence }) => ({
		timestamp,
		value: sequence,
	}));
}

describe("the ledger numbers what it sends", () => {
	test("numbers and timestamps grow, even within a millisecond", () => {
		const ledger = new Ledger();
		expect(ledger.next(7)).toEqual({ sequence: 1, timestamp: 7 });
		expect(ledger.next(7)).toEqual({ sequence: 2, timestamp: 8 });
		expect(ledger.next(3)).toEqual({ sequence: 3, timestamp: 9 });
	});

	test("a block's range takes its first millisecond and leaves its last", () => {
		const found = makeLedger("ooo").within({ minTime: 1000, maxTime: 3000 });
		expect(found.map(({ sequence }) => sequence)).toEqual([1, 2]);
	});
});

describe("the ledger reports gaps", () => {
	test("a gap lies between two acknowledgements", () => {
		const [gap, ...others] = makeLedger("ooxxxo").gaps;
		expect(others).toEqual([]);
		expect(gap && describeGap(gap)).toBe(
			"no sample was taken for 4.0 s: 3 refused (3 to 5), the last with: 503 no endpoints",
		);
	});

	test("a gap that has not ended is none yet", () => {
		expect(makeLedger("oox").gaps).toEqual([]);
	});
});

describe("the ledger finds what differs", () => {
	const ledger = makeLedger("ooxo");

	test("what was acknowledged, and nothing else, agrees", () => {
		expect(compareToLedger(ledger.entries, store(ledger.acknowledged))).toEqual(
			[],
		);
	});

	test("a sample that was stored without an acknowledgement is no error", () => {
		expect(compareToLedger(ledger.entries, store(ledger.entries))).toEqual([]);
	});

	test("a lost sample is named", () => {
		const stored = store(ledger.acknowledged).slice(1);
		expect(compareToLedger(ledger.entries, stored)).toEqual([
			"1 of 3 acknowledged samples are missing: number 1 at 1970-01-01T00:00:01.000Z",
		]);
	});

	test("a repeated, an altered and a strange sample are told apart", () => {
		const stored = store(ledger.acknowledged);
		expect(
			compareToLedger(ledger.entries, [
				...stored,
				{ timestamp: 2000, value: 2 },
				{ timestamp: 9000, value: 9 },
			]),
		).toEqual([
			"1 samples are there more than once: number 2 at 1970-01-01T00:00:02.000Z",
			"1 samples were never written: 9 at 1970-01-01T00:00:09.000Z",
		]);
		expect(
			compareToLedger(ledger.entries, [
				{ timestamp: 1000, value: 7 },
				...stored.slice(1),
			]),
		).toEqual([
			"1 samples have another value than was written: number 1 at 1970-01-01T00:00:01.000Z reads 7",
		]);
	});

	test("of many only some are named", () => {
		const many = makeLedger("o".repeat(20));
		expect(compareToLedger(many.entries, [])[0]).toMatch(
			/^20 of 20 .* number 5 at [^,]*, …$/,
		);
	});
});
