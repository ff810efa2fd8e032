import { describe, expect, test } from "vitest";
import { outlineOf } from "../../traps/catalogue.ts";
import { compareSides } from "../compare.ts";
import { readCases, sidesOf } from "./read-cases.ts";

const tables = readCases();

/** A table for each comparison of compare.ts. */
const comparisons = [
	"chart",
	"contents",
	"crds",
	"dashboards",
	"dropped-metrics",
	"immutable",
	"images",
	"labels",
	"login",
	"lost-data",
	"lost-metrics",
	"monitors",
	"objects",
	"permissions",
	"provisioning",
	"refused",
	"routing",
	"rules",
	"scrape-jobs",
	"settings",
	"targets",
];

test("every comparison has a table of several cases", () => {
	const small = comparisons.filter(
		(name) => (tables.get(name)?.length ?? 0) < 2,
	);
	expect(small).toEqual([]);
});

test("at least 25 pairs that differ give no reason at all", () => {
	const silent = [...tables.values()]
		.flat()
		.filter(
			(each) =>
				each.expect.length === 0 &&
				JSON.stringify(each.before) !== JSON.stringify(each.after),
		);
	expect(silent.length).toBeGreaterThanOrEqual(25);
});

describe.each([...tables])("%s", (_, cases) => {
	test.each(cases)("$id", (each) => {
		const { before, after } = sidesOf(each);
		expect(outlineOf(compareSides(before, after))).toEqual(
			[...each.expect].sort(),
		);
	});

	test.each(cases)("$id: equal sides give no reason", (each) => {
		const { before, after } = sidesOf(each);
		expect(compareSides(before, before)).toEqual([]);
		expect(compareSides(after, after)).toEqual([]);
	});
});
