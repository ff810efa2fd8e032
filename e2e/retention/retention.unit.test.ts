import { expect, test } from "vitest";
import { parseBytes, parseRetention } from "./retention.ts";

const day = 86_400_000;

test.each([
	["6d or 8GiB", { time: 6 * day, bytes: 8 * 2 ** 30 }],
	["1w3d", { time: 10 * day }],
	["7GiB512MiB", { bytes: 7.5 * 2 ** 30 }],
	["", {}],
])("%j is read", (text, retention) => {
	expect(parseRetention(text)).toEqual(retention);
});

test.each([
	["8GB", 8 * 2 ** 30],
	["1.5MB", 1.5 * 2 ** 20],
	["512B", 512],
])("%s is a power of two to Prometheus", (text, bytes) => {
	expect(parseBytes(text)).toBe(bytes);
});

test.each(["8", "8G", "eight"])("%s is no size", (text) => {
	expect(() => parseBytes(text)).toThrow(RangeError);
});
