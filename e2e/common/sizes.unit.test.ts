import { expect, test } from "vitest";
import { parseQuantity, parseSize } from "./sizes.ts";

test.each([
	["8GB", 8 * 2 ** 30],
	["8GiB", 8 * 2 ** 30],
	["7GiB512MiB", 7.5 * 2 ** 30],
	["6.8GB", 6.8 * 2 ** 30],
	["500KB", 500 * 2 ** 10],
	["2TB", 2 * 2 ** 40],
	["3PB", 3 * 2 ** 50],
	["1EB", 2 ** 60],
	["512B", 512],
	["0", 0],
])("Prometheus reads %s as a power of two", (text, bytes) => {
	expect(parseSize(text)).toBe(bytes);
});

test.each([
	["8Gi", 8 * 2 ** 30],
	["7.5Gi", 7.5 * 2 ** 30],
	[".5Gi", 2 ** 29],
	["1Ei", 2 ** 60],
	["1Ki", 1024],
	["8G", 8e9],
	["500M", 5e8],
	["500k", 5e5],
	["1E", 1e18],
	["1e9", 1e9],
	["1E9", 1e9],
	["1.5e+3", 1500],
	["5e-1", 0.5],
	["100m", 0.1],
	["5u", 5e-6],
	["8589934592", 2 ** 33],
	["0", 0],
])("Kubernetes reads %s as a quantity", (text, bytes) => {
	expect(parseQuantity(text)).toBe(bytes);
});

test.each(["8", "8G", "8gb", "8 GB", "GB", "eight", ""])(
	"%j is no size of Prometheus",
	(text) => {
		expect(() => parseSize(text)).toThrow(RangeError);
	},
);

test.each(["8GB", "8K", "8ki", "8 Gi", "1Eie3", "1e", "Gi", "eight", ""])(
	"%j is no quantity",
	(text) => {
		expect(() => parseQuantity(text)).toThrow(RangeError);
	},
);
