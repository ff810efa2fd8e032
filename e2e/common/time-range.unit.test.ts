import { expect, test } from "vitest";
import { formatMoment, withMoments } from "./time-range.ts";

test.each([
	[0, "1970-01-01T00:00:00.000Z"],
	[Number.MAX_VALUE, "no time yet"],
	[-Number.MAX_VALUE, "no time yet"],
	[Number.NaN, "no time yet"],
	[Number.NEGATIVE_INFINITY, "no time yet"],
])("%s is written as %s", (time, text) => {
	expect(formatMoment(time)).toBe(text);
});

test("a range is compared by moments, to the millisecond, with all else that is known of it", () => {
	expect(withMoments({ minTime: 1, maxTime: 7_200_000, ulid: "a" })).toEqual({
		minTime: "1970-01-01T00:00:00.001Z",
		maxTime: "1970-01-01T02:00:00.000Z",
		ulid: "a",
	});
});
