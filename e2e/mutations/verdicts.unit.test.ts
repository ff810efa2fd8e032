import { expect, test } from "vitest";
import { summarize } from "./verdicts.ts";

test("the summary always says how many were caught and missed, and how many alarms were false", () => {
	const all = [
		{ outcome: "caught" },
		{ outcome: "caught" },
		{ outcome: "proven" },
		{ outcome: "not tried" },
	] as const;
	expect(summarize(all, 4)).toBe(
		"3 of 4 as expected: 2 caught, 0 missed, 1 proven, 0 false alarms, 1 not tried",
	);
});

test("what an interruption left out is not as expected", () => {
	expect(summarize([{ outcome: "false alarm" }], 9)).toBe(
		"0 of 9 as expected: 0 caught, 0 missed, 1 false alarm",
	);
});
