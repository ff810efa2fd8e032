import { expect, test } from "vitest";
import { makePrintable } from "./printable.ts";

test.each([
	["a colour", "\u001b[31mred\u001b[0m", "red"],
	["a title", "\u001b]0;owned\u0007text", "text"],
	["a link", "\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\", "link"],
	["an eight-bit colour", "\u009b31mred", "red"],
	["a line that is overwritten", "100 %\rdone", "100 %\ndone"],
	["Windows' ends of lines", "a\r\nb", "a\nb"],
	["erased characters", "abc\b\b\u0000\u007f", "abc"],
	["a changed direction", "abc\u202edef\u2066", "abcdef"],
	[
		"text of all languages",
		"naïve → 日本 👩‍🚀\tend\n",
		"naïve → 日本 👩‍🚀\tend\n",
	],
])("%s is shown as text", (_, text, expected) => {
	expect(makePrintable(text)).toBe(expected);
});
