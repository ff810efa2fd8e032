import { expect, test } from "vitest";
import { blockMeta } from "../clients/block-meta.ts";
import { Ledger } from "../ledger/history.ts";
import { findBlocksWith, findLastBefore } from "./crash.ts";

/** With the time that it tells. */
const ulid = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
const made = 1469922850259;

test("the last number before a moment is one that was acknowledged by then", () => {
	const ledger = new Ledger();
	for (const sent of [1000, 2000, 3000])
		ledger.next(sent).acknowledgedAt = sent + 500;
	ledger.next(3100).refusal = "503 no endpoints";
	expect(findLastBefore(ledger, 3200).sequence).toBe(2);
	expect(findLastBefore(ledger, 9000).sequence).toBe(3);
	expect(() => findLastBefore(ledger, 1)).toThrow("no number");
});

test("a block holds a number that its range reaches to, if it was there", () => {
	const number = { sequence: 7, timestamp: 5000 };
	const reaching = (maxTime: number) => [
		blockMeta.parse({ ulid, minTime: 0, maxTime, compaction: { level: 1 } }),
	];
	expect(findBlocksWith(number, reaching(5001), made)).toEqual([ulid]);
	// The end of a range is not in it.
	expect(findBlocksWith(number, reaching(5000), made)).toEqual([]);
	// It was cut after the moment.
	expect(findBlocksWith(number, reaching(5001), made - 1)).toEqual([]);
});
