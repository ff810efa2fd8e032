import { describe, expect, test } from "vitest";
import { checkReading, explainLoss, findFlaws } from "./checker.ts";
import type { StoredSample } from "./history.ts";
import { makeHistory, store } from "./made-history.ts";

const { entries, acknowledged } = makeHistory("aaura");
const whole = store(acknowledged);
const numbersOf = (found: readonly { readonly sequence: number }[]) =>
	found.map(({ sequence }) => sequence);
const flawsOf = (...series: StoredSample[][]) =>
	findFlaws({ written: entries, series });

describe("a reading agrees with the ledger", () => {
	test("where what was acknowledged is there, and nothing else", () => {
		expect(flawsOf(whole)).toEqual([]);
	});

	test("where a write of unknown outcome is there as well", () => {
		const series = [store(entries.filter(({ sequence }) => sequence !== 4))];
		const found = checkReading({ written: entries, series });
		expect(numbersOf(found.recovered)).toEqual([3]);
		expect(flawsOf(...series)).toEqual([]);
	});

	test("where a write is there that was not answered yet", () => {
		const { entries: written } = makeHistory("ap");
		const series = [store(written)];
		expect(findFlaws({ written, series })).toEqual([]);
		const { recovered } = checkReading({ written, series });
		expect(numbersOf(recovered)).toEqual([2]);
	});
});

describe("a reading names what is", () => {
	test("lost", () => {
		expect(flawsOf(whole.slice(1))).toEqual([
			"1 of 3 acknowledged samples are lost: number 1 at 1970-01-01T00:00:01.000Z",
		]);
		expect(flawsOf()).toEqual([
			expect.stringMatching(/^3 of 3 acknowledged samples are lost/),
		]);
	});

	test("missing because nothing was acknowledged", () => {
		expect(findFlaws({ written: [], series: [] })).toEqual([
			"no sample was acknowledged: there is nothing to compare",
		]);
		const reading = { written: entries, series: [whole] };
		expect(explainLoss(reading, 0).otherwise).toEqual([
			"no sample was acknowledged before the fault",
		]);
	});

	test("duplicated", () => {
		expect(flawsOf([...whole, { timestamp: 2000, value: 2 }])).toEqual([
			"1 samples are there more than once: number 2 at 1970-01-01T00:00:02.000Z",
		]);
	});

	test("altered", () => {
		expect(flawsOf([{ timestamp: 1000, value: 7 }, ...whole.slice(1)])).toEqual(
			[
				"1 samples have another value than was written: number 1 at 1970-01-01T00:00:01.000Z is 7",
			],
		);
	});

	test("duplicated and altered", () => {
		expect(flawsOf([...whole, { timestamp: 2000, value: 9 }])).toEqual([
			expect.stringContaining("more than once: number 2"),
			expect.stringContaining("number 2 at 1970-01-01T00:00:02.000Z is 2, 9"),
		]);
	});

	test("unexpected, because it was never written", () => {
		expect(flawsOf([...whole, { timestamp: 9000, value: 9 }])).toEqual([
			"1 samples should not be there: 9 at 1970-01-01T00:00:09.000Z (never written)",
		]);
	});

	test("unexpected, because it was refused", () => {
		expect(flawsOf([...whole, { timestamp: 4000, value: 4 }])).toEqual([
			"1 samples should not be there: 4 at 1970-01-01T00:00:04.000Z (refused with: 400 out of order sample)",
		]);
	});

	test("in another series", () => {
		expect(flawsOf(whole.slice(0, 1), whole.slice(1))).toEqual([
			"the ledger is 2 series, not one",
		]);
		expect(flawsOf(whole, [])).toEqual(["the ledger is 2 series, not one"]);
	});

	test("one of many that are lost", () => {
		const { entries: written } = makeHistory("a".repeat(20));
		expect(findFlaws({ written, series: [] })).toEqual([
			expect.stringMatching(/^20 of 20 .* number 5 at [^,]*, …$/),
		]);
	});
});

describe("a loss that a fault explains", () => {
	/** Between the second acknowledgement and the third. */
	const moment = 3000;
	const lossOf = (stored: StoredSample[]) =>
		explainLoss({ written: entries, series: [stored] }, moment);
	const without = (sequence: number) =>
		whole.filter(({ value }) => value !== sequence);

	test("is none where everything is there, and counts no write that failed", () => {
		const { before, ...loss } = lossOf(whole);
		expect(loss).toEqual({ lost: [], otherwise: [] });
		expect(numbersOf(before)).toEqual([1, 2]);
	});

	test("is what was acknowledged before the fault", () => {
		const { lost, otherwise } = lossOf(without(2));
		expect([numbersOf(lost), otherwise]).toEqual([[2], []]);
	});

	test.each([
		["lost of what came after", without(5)],
		["there twice", [...whole, { timestamp: 5000, value: 5 }]],
		["altered", [...without(5), { timestamp: 5000, value: 9 }]],
		["refused and there", [...whole, { timestamp: 4000, value: 4 }]],
		["of no number", [...whole, { timestamp: 5001, value: 6 }]],
	])("does not explain what is %s", (_, stored) => {
		const { lost, otherwise } = lossOf(stored);
		expect(lost).toEqual([]);
		expect(otherwise).toHaveLength(1);
	});
});
