import { describe, expect, test } from "vitest";
import type { ToolChoice } from "../../tools/choice.ts";
import { outlineOf } from "../../traps/catalogue.ts";
import type { Side } from "../charts/side.ts";
import { compareSides } from "../compare.ts";
import { asToolDoesIt } from "../tool/as-tool-does-it.ts";
import {
	type ComparisonCase,
	choiceOfCase,
	readCases,
	sidesOf,
} from "./read-cases.ts";

const tables = readCases();

/** A table for each comparison of compare.ts. */
const comparisons = [
	"additional-alerting",
	"chart",
	"companion-monitors",
	"contents",
	"crds",
	"dashboards",
	"dropped-metrics",
	"immutable",
	"grafana-settings",
	"images",
	"labels",
	"login",
	"lost-data",
	"lost-metrics",
	"monitors",
	"named-by-settings",
	"objects",
	"operator-references",
	"permissions",
	"provisioning",
	"refused",
	"routing",
	"rules",
	"scrape-jobs",
	"selected-pods",
	"settings",
	"sidecars",
	"targets",
	"tools",
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

function compareCase(each: ComparisonCase, before: Side, after: Side) {
	const found = compareSides(before, after);
	const wanted = choiceOfCase(each);
	// Then nothing else in the repository changes, either.
	const choice = before === after && wanted ? withoutChange(wanted) : wanted;
	return choice ? asToolDoesIt(found, before, after, choice) : found;
}

function withoutChange(choice: ToolChoice): ToolChoice {
	const { tool, crdsSource } = choice;
	return {
		...choice,
		before: tool,
		crdsSource: crdsSource && { ...crdsSource, before: crdsSource.after },
	};
}

describe.each([...tables])("%s", (_, cases) => {
	test.each(cases)("$id", (each) => {
		const { before, after } = sidesOf(each);
		expect(outlineOf(compareCase(each, before, after))).toEqual(
			[...each.expect].sort(),
		);
	});

	test.each(cases)("$id: equal sides give no reason", (each) => {
		const { before, after } = sidesOf(each);
		expect(compareCase(each, before, before)).toEqual([]);
		expect(compareCase(each, after, after)).toEqual([]);
	});
});
