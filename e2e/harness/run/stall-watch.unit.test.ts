import { expect, test } from "vitest";
import { makeStallWatch } from "./stall-watch.ts";

test("passes that remove nothing for so long are stuck, and none that still removes something", () => {
	let time = 30_000;
	const isStuck = makeStallWatch(10_000, () => time);
	const after = (seconds: number, left: number) => {
		time += seconds * 1000;
		return isStuck(left);
	};
	expect(after(0, 5)).toBe(false);
	expect(after(9, 5)).toBe(false);
	expect(after(9, 4)).toBe(false);
	expect(after(9, 4)).toBe(false);
	expect(after(9, 3)).toBe(false);
	// What was just being created is found in the next pass.
	expect(after(5, 6)).toBe(false);
	expect(after(5, 3)).toBe(true);
});
