import { expect, test } from "vitest";
import { parseQuantity, parseSize } from "./sizes.ts";

test.each([
	["8GB", 8 * 2 ** 30],
	["8GiB", 8 * 2 ** 30],
	["7GiB512MiB", 7.5 * 2 ** 30],
	["512B", 512],
	["0", 0],
])("%s is a power of two to Prometheus", (text, bytes) => {
	expect(parseSize(text)).toBe(bytes);
});

test.each([
	["8Gi", 8 * 2 ** 30],
	["7.5Gi", 7.5 * 2 ** 30],
	["8G", 8e9],
	["500M", 5e8],
	["8589934592", 2 ** 33],
])("%s is a quantity", (text, bytes) => {
	expect(parseQuantity(text)).toBe(bytes);
});

test.each(["8", "8G", "eight"])("%s is no size of Prometheus", (text) => {
	expect(() => parseSize(text)).toThrow(RangeError);
});

test.each(["8GB", "8 Gi", "eight"])("%s is no quantity", (text) => {
	expect(() => parseQuantity(text)).toThrow(RangeError);
});
