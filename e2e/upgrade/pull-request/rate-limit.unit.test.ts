import { expect, test } from "vitest";
import { askedWait } from "./rate-limit.ts";

const now = 1_800_000_000_000;

test.each([
	["a missing permission", 403, {}, "Resource not accessible", undefined],
	["what is not there", 404, { "retry-after": "9" }, "", undefined],
	["a second limit", 403, { "retry-after": "30" }, "", 30_000],
	["too many requests", 429, { "retry-after": "30" }, "", 30_000],
	["no time at all", 429, { "retry-after": "0" }, "", 1000],
	[
		"a used up hour",
		403,
		{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1800000090" },
		"",
		90_000,
	],
	[
		"an hour that is over",
		403,
		{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1799999990" },
		"",
		1000,
	],
	[
		"an hour that is not used up",
		403,
		{ "x-ratelimit-remaining": "7", "x-ratelimit-reset": "1800000090" },
		"",
		undefined,
	],
	["a limit in words", 403, {}, "a secondary rate limit", 60_000],
	["a limit without a word", 429, {}, "", 60_000],
] as const)("%s", (_, status, headers, text, expected) => {
	expect(askedWait(status, headers, text, now)).toBe(expected);
});
