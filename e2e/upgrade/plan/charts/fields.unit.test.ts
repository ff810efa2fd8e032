import { expect, test } from "vitest";
import { isNothing, withoutSlash } from "./fields.ts";

test.each([
	[undefined, true],
	[null, true],
	[[], true],
	[{}, true],
	["", false],
	[0, false],
	[false, false],
	[[0], false],
	[{ a: null }, false],
])("whether %j says nothing: %s", (value, expected) => {
	expect(isNothing(value)).toBe(expected);
});

test.each([
	["/a/", "/a"],
	["http://a//", "http://a"],
	["/a/b", "/a/b"],
	["/", ""],
])("%s without its slash is %j", (path, expected) => {
	expect(withoutSlash(path)).toBe(expected);
});
