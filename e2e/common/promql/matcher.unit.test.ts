import { expect, test } from "vitest";
import { matches } from "./matcher.ts";

test.each([
	["=", "a", "a", true],
	["=", "a", "ab", false],
	["=", "", "", true],
	["!=", "a", "", true],
	["!=", "a", "a", false],
	["=~", "a|b", "b", true],
	["=~", "a", "ab", false],
	["=~", ".*", "", true],
	["!~", "a.*", "ab", false],
	["!~", "a.+", "", true],
])("%s%j meets the value %j: %s", (operator, value, labelValue, expected) => {
	expect(matches({ operator, value }, labelValue)).toBe(expected);
});
