import { expect, test } from "vitest";
import { readMutations } from "./catalogue.ts";
import { readHealthy } from "./healthy.ts";
import { chooseSample } from "./sample.ts";
import { nothingSelected, type Selection } from "./trial.ts";

const everything = {
	claims: await readMutations("claims"),
	faults: await readMutations("faults"),
	healthy: await readHealthy(),
};

const countSelected = (selection: Selection) =>
	Object.values(selection).flat().length;

test("eight are five mutations of claims, one of a fault and two healthy variations", () => {
	const { claims, faults, healthy } = chooseSample(everything, 8, "seed");
	expect(claims).toHaveLength(5);
	expect(new Set(claims.map(({ claim }) => claim)).size).toBe(5);
	expect(faults).toHaveLength(1);
	expect(healthy).toHaveLength(2);
});

test("the seed alone decides", () => {
	const choose = (seed: string) =>
		chooseSample(everything, 8, seed).claims.map(({ id }) => id);
	expect(choose("one")).toEqual(choose("one"));
	expect(choose("one")).not.toEqual(choose("another"));
});

test("where a kind is used up, the others make up the number", () => {
	const claimsAlone = { ...nothingSelected, claims: everything.claims };
	expect(countSelected(chooseSample(claimsAlone, 8, "seed"))).toBe(8);
});

test("a sample is never larger than what there is", () => {
	const { healthy } = everything;
	const few = { ...nothingSelected, healthy };
	expect(countSelected(chooseSample(few, 999, "seed"))).toBe(healthy.length);
});
