import { expect, test } from "vitest";
import { formatMoment } from "./time-range.ts";

test.each([
	[0, "1970-01-01T00:00:00.000Z"],
	[Number.MAX_VALUE, "no time yet"],
	[-Number.MAX_VALUE, "no time yet"],
	[Number.NaN, "no time yet"],
	[Number.NEGATIVE_INFINITY, "no time yet"],
])("%s is written as %s", (time, text) => {
	expect(formatMoment(time)).toBe(text);
});
