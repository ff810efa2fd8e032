import { expect, test } from "vitest";
import type { LedgerEntry } from "./history.ts";
import { findLoss } from "./loss.ts";

const entry = (sequence: number, refused = false): LedgerEntry => ({
	sequence,
	timestamp: sequence * 100,
	...(refused ? { refusal: "503" } : { acknowledgedAt: sequence * 100 + 10 }),
});
const written = [entry(1), entry(2), entry(3, true), entry(4), entry(5)];
const stored = [1, 2, 4, 5].map((value) => ({ timestamp: value * 100, value }));
/** Between the second and the fourth. */
const moment = 300;
const without = (value: number) =>
	stored.filter((each) => each.value !== value);

test("whole, nothing is lost, and what was refused is not counted", () => {
	expect(findLoss(written, stored, moment)).toEqual({
		before: [entry(1), entry(2)],
		lost: [],
		otherwise: [],
	});
});

test("what is missing of before is lost", () => {
	const { lost, otherwise } = findLoss(written, without(2), moment);
	expect([lost, otherwise]).toEqual([[entry(2)], []]);
});

test.each([
	["missing of what came after", without(4)],
	["there twice", [...stored, { timestamp: 401, value: 4 }]],
	["altered", [...without(4), { timestamp: 400, value: 9 }]],
])("what is %s is wrong otherwise", (_, found) => {
	const { lost, otherwise } = findLoss(written, found, moment);
	expect(lost).toEqual([]);
	expect(otherwise).not.toEqual([]);
});
