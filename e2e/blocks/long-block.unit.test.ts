import { expect, test } from "vitest";
import {
	makeLongSamples,
	makeOpenMetrics,
	pickRange,
	productionLength,
} from "./long-block.ts";

const now = Date.parse("2025-06-15T13:37:00Z");

test("the range is two aligned hours, at least a day old", () => {
	expect(pickRange([], now)).toEqual({
		minTime: Date.parse("2025-06-14T12:00:00Z"),
		maxTime: Date.parse("2025-06-14T14:00:00Z"),
	});
});

test("a range that a block overlaps is skipped", () => {
	const minTime = Date.parse("2025-06-14T11:59:00Z");
	expect(pickRange([{ minTime, maxTime: minTime + 120_000 }], now)).toEqual({
		minTime: Date.parse("2025-06-14T08:00:00Z"),
		maxTime: Date.parse("2025-06-14T10:00:00Z"),
	});
});

test("no range is left when all are taken", () => {
	expect(() => pickRange([{ minTime: 0, maxTime: now }], now)).toThrow(
		"start a new cluster",
	);
});

test("the samples span the range to its last millisecond", () => {
	const range = { minTime: 0, maxTime: productionLength };
	const samples = makeLongSamples(range);
	expect(samples).toHaveLength(121);
	expect(samples[0]).toEqual({ timestamp: 0, value: 1 });
	expect(samples.at(-1)).toEqual({
		timestamp: productionLength - 1,
		value: 121,
	});
});

test("timestamps are written in seconds", () => {
	const samples = [{ timestamp: 1_999, value: 7 }];
	expect(makeOpenMetrics("m", 'm{a="b"}', samples)).toBe(
		'# TYPE m gauge\nm{a="b"} 7 1.999\n# EOF\n',
	);
});
