import { expect, test } from "vitest";
import { matchesSelectorText } from "./selector-text.ts";

test.each([
	["team=a", true],
	["team==a", true],
	["team=b", false],
	["team!=b", true],
	["other!=b", true],
	["team", true],
	["!team", false],
	["!other", true],
	["team in (a, b)", true],
	["team in (b,c)", false],
	["team notin (b,c)", true],
	["team notin (a)", false],
	["other notin (a)", true],
	["tier=x,team in (a,b),!old", true],
	["tier=y,team=a", false],
	["", true],
	["team ~ a", undefined],
])("%s of team=a, tier=x: %s", (text, expected) => {
	expect(matchesSelectorText(text, { team: "a", tier: "x" })).toBe(expected);
});
