import { expect, test } from "vitest";
import { leaveOutOldOffsets } from "./offsets.ts";

/** @param stored what is answered */
const leaveOut = (expression: string, ...stored: string[]) =>
	leaveOutOldOffsets(expression, async (probe) => stored.includes(probe));

test.each([
	["up", "up", []],
	["up / (up offset 1w)", "up / (up)", ["up offset 1w"]],
	[
		"up - up offset 1d + -up offset 1w > 1",
		"up - (up) + -(up) > 1",
		["up offset 1d", "up offset 1w"],
	],
	["up offset 1w @ 9 - up", "(up @ 9) - up", ["up offset 1w"]],
	["up @ end() offset 1w", "(up @ end())", ["up @ end() offset 1w"]],
	[
		'rate(a{b="c"}[1h] offset 1w) - rate(a[1h])',
		'rate(a{b="c"}[1h]) - rate(a[1h])',
		['count_over_time(a{b="c"}[1h] offset 1w)'],
	],
	[
		"max_over_time(rate(a[5m] offset 1d)[1h:1m] offset 1w)",
		"max_over_time(rate(a[5m])[1h:1m])",
		// The outer one first.
		[
			"count_over_time(rate(a[5m] offset 1d)[1h:1m] offset 1w)",
			"count_over_time(a[5m] offset 1d)",
		],
	],
	["up offset -1w", "(up offset -1w)", []],
])("without samples of then, %s is %s", async (written, expression, probes) => {
	const found = await leaveOut(written);
	expect(found.expression).toBe(expression);
	expect(found.leftOut.map(({ probe }) => probe)).toEqual(probes);
});

test("an offset stays where there are samples of then", async () => {
	const found = await leaveOut("up offset 1h - up offset 1w", "up offset 1h");
	expect(found).toMatchObject({
		expression: "(up offset 1h) - (up)",
		leftOut: [{ text: "up offset 1w", by: "1w" }],
	});
});
