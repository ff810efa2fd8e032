import { expect, test } from "vitest";
import { findLostScrapes, subtractSamples } from "./scraped.ts";

const metric = { job: "j", instance: "i" };
const values = [1000, 2000].map((timestamp) => ({ timestamp, value: 1 }));
const before = [{ metric, values }];

test("a target that lost a sample is named", () => {
	const reordered = { instance: "i", job: "j" };
	expect(findLostScrapes(before, [{ metric: reordered, values }])).toEqual([]);
	expect(
		findLostScrapes(before, [{ metric, values: values.slice(0, 1) }]),
	).toEqual([
		"up of j i lost 1 of 2 samples, the last at 1970-01-01T00:00:02.000Z",
	]);
	expect(findLostScrapes(before, [])).toHaveLength(1);
});

test("without a sample before, nothing is compared, and that is said", () => {
	const nothing = [
		"no target had a sample of up before: there is nothing to compare",
	];
	expect(findLostScrapes([], before)).toEqual(nothing);
	expect(findLostScrapes([{ metric, values: [] }], before)).toEqual(nothing);
});

test("what came later takes nothing away", () => {
	const later = [...values, { timestamp: 3000, value: 1 }];
	expect(subtractSamples(before, [{ metric, values: later }])).toEqual([
		{ metric, values: [] },
	]);
});
