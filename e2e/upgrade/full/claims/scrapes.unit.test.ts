import { expect, test } from "vitest";
import { longestGap } from "../gaps.ts";
import { sinceUpgrade } from "./scrapes.ts";

const seconds = (...all: number[]) => all.map((each) => each * 1000);

test("what was away before the upgrade counts from its beginning", () => {
	const [from = 0, to = 0] = seconds(100, 190);
	const window = { from, to };
	const lengthOf = (times: number[]) => {
		const gap = longestGap(
			sinceUpgrade({ name: "Prometheus", times }, window),
			window,
		);
		return gap.to - gap.from;
	};
	expect(lengthOf(seconds(0))).toBe(90_000);
	expect(lengthOf(seconds(0, 30, 60, 90, 170))).toBe(70_000);
	expect(lengthOf(seconds(0, 110, 180))).toBe(70_000);
});
