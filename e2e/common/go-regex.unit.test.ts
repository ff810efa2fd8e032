import { expect, test } from "vitest";
import { GoRegex } from "./go-regex.ts";

test.each([
	["(?i)WARN|critical", "warn", true],
	["(?P<name>a)b", "ab", true],
	["[[:alpha:]]+", "abc", true],
	["a", "ab", false],
	["a|b", "ab", false],
	["a.b", "a\nb", true],
])("%s and %j as a whole: %s", (pattern, text, expected) => {
	expect(GoRegex.whole(pattern).test(text)).toBe(expected);
});

test("a flag of an exporter matches parts", () => {
	const excluded = new GoRegex("(?i)^/(dev|proc)($|/)");
	expect(excluded.test("/DEV/shm")).toBe(true);
	expect(excluded.test("/device")).toBe(false);
});

test.each([
	["(.*):.*", "node-1:9100", "$1", "node-1"],
	["(.*):.*", "node-1:9100", "$" + "{1}x", "node-1x"],
	["(.*):.*", "node-1:9100", "$1x", ""],
	["(?P<host>.*):.*", "node-1:9100", "$host", "node-1"],
	["(.*)", "a", "$2-$$", "-$"],
	["(a)(b)?", "a", "$1$2", "a"],
])("%s of %s into %s is %j", (pattern, text, template, expected) => {
	expect(GoRegex.whole(pattern).expand(text, template)).toBe(expected);
});

test("what Go refuses is refused", () => {
	expect(() => GoRegex.whole("(?<=a)b")).toThrow();
});
