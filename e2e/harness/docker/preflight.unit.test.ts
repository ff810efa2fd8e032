import { expect, test } from "vitest";
import { findShortage } from "./preflight.ts";

const GiB = 2 ** 30;

test.each([
	[{ memory: 16 * GiB, disk: 50 * GiB }, undefined],
	[{ memory: undefined, disk: undefined }, undefined],
	[
		{ memory: 1.5 * GiB, disk: 50 * GiB },
		"too little memory: 1.5 GiB available, 5.0 GiB needed",
	],
	[
		{ memory: 16 * GiB, disk: 0.3 * GiB },
		"too little disk: 0.3 GiB available, 8.0 GiB needed",
	],
] as const)("of %j it says %s", (resources, sentence) => {
	expect(findShortage(resources)).toBe(sentence);
});
