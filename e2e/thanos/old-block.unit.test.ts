import { expect, test } from "vitest";
import { aroundAge, makeOldSamples, pickOldRange } from "./old-block.ts";

const now = Date.UTC(2026, 10, 28, 12);

test("the range is a year old, aligned, and not taken", () => {
	const first = pickOldRange([], now);
	expect(new Date(first.maxTime).toISOString()).toBe(
		"2025-11-28T14:00:00.000Z",
	);
	expect(pickOldRange([first], now).maxTime).toBe(first.minTime);
});

test("where Prometheus keeps a year, it is apart from the block that is about to be dropped", () => {
	const edge = aroundAge(365 * 86_400_000, now);
	expect(pickOldRange([edge], now).maxTime).toBeLessThanOrEqual(edge.minTime);
});

test("the block has the ledger's series and many others, two hours of each", () => {
	const range = pickOldRange([], now);
	const text = makeOldSamples(range, { name: "l", labels: { run: "r" } }, "m");
	const lines = text.split("\n");
	expect(lines.filter((line) => line.startsWith('l{run="r"}'))).toHaveLength(
		120,
	);
	expect(lines.filter((line) => line.startsWith("m{"))).toHaveLength(120_000);
	expect(lines[1]).toBe(`l{run="r"} 1 ${range.minTime / 1000}`);
});
