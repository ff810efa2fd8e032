import { expect, test } from "vitest";
import { formatDuration, parseDuration } from "./duration.ts";

test.each([
	["1h", 3_600_000],
	["60m", 3_600_000],
	["1h30m", 5_400_000],
	["1d", 86_400_000],
	["5s", 5000],
	["250ms", 250],
	["0", 0],
	["0s", 0],
])("%s is %i ms", (text, milliseconds) => {
	expect(parseDuration(text)).toBe(milliseconds);
});

test.each(["", "1", "h", "1 h", "1x", "-1h", "1.5h"])(
	"%j is not a duration",
	(text) => {
		expect(() => parseDuration(text)).toThrow("not a duration");
	},
);

test.each([
	[3_600_000, "1h"],
	[86_400_000, "24h"],
	[5_400_000, "90m"],
	[5000, "5s"],
	[250, "250ms"],
])("%i ms is %s", (duration, text) => {
	expect(formatDuration(duration)).toBe(text);
});
