import { expect, test } from "vitest";
import { makeSamplesUntil } from "./planted-block.ts";

const twoHours = 7_200_000;
const boundary = 200_000 * twoHours;

test.each([
	["long after a boundary", boundary + 3_600_000],
	["half a minute after a boundary", boundary + 30_000],
	["a tenth of a second after a boundary", boundary + 100],
])("samples that end %s are in one block", (_, maxTime) => {
	const samples = makeSamplesUntil(maxTime);
	const times = samples.map(({ timestamp }) => timestamp);
	expect(samples).toHaveLength(60);
	expect(new Set(times).size).toBe(60);
	expect(times.at(-1)).toBe(maxTime - 1);
	expect(times[0]).toBeGreaterThanOrEqual(boundary);
});
