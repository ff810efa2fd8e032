import { expect, test } from "vitest";
import { looksForAbsence } from "./absence.ts";

test.each([
	["absent(up)", true],
	["absent(up == 1) or absent_over_time(up[5m])", true],
	["up == 0 or absent(up)", false],
	["sum(up)", false],
])("%s looks for absence: %s", (expression, is) => {
	expect(looksForAbsence(expression, { text: "up" })).toBe(is);
});
