import { expect, test } from "vitest";
import { blockMeta } from "../clients/block-meta.ts";
import { History } from "../ledger/history.ts";
import { findBlocksWith, findLastAcknowledged } from "./held-by-wal.ts";

const ulid = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
/** The time in the ULID. */
const made = 1469922850259;

test("the last number before a moment is one that was acknowledged by then", () => {
	const history = new History();
	for (const sent of [1000, 2000, 3000])
		history.next(sent).outcome = { result: "acknowledged", at: sent + 500 };
	history.next(3100).outcome = { result: "unknown", reason: "503" };
	expect(findLastAcknowledged(history, 3200).sequence).toBe(2);
	expect(findLastAcknowledged(history, 9000).sequence).toBe(3);
	expect(() => findLastAcknowledged(history, 1)).toThrow("no number");
});

test("a block holds a number that its range reaches to, if it was there", () => {
	const number = { timestamp: 5000 };
	const reaching = (maxTime: number) => [
		blockMeta.parse({ ulid, minTime: 0, maxTime, compaction: { level: 1 } }),
	];
	expect(findBlocksWith(number, reaching(5001), made)).toEqual([ulid]);
	// The end of a range is not in it.
	expect(findBlocksWith(number, reaching(5000), made)).toEqual([]);
	// It was cut after the moment.
	expect(findBlocksWith(number, reaching(5001), made - 1)).toEqual([]);
});
