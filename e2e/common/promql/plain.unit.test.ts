import { expect, test } from "vitest";
import { plainExpression } from "./plain.ts";

test.each([
	['up{job="nas"} == 0', 'up{ job = "nas" }==0'],
	["up{job='nas'}", 'up{job="nas"}'],
	["sum by (a, b) (x)", "sum by(a,b,)(\n  x\n)"],
	["x > 1 # as before\n and y", "x > 1 and y"],
	["rate(x[5m]) >= 1e+3", "rate( x[5m] )\n>=1e+3"],
])("%s and %s are the same", (a, b) => {
	expect(plainExpression(a)).toBe(plainExpression(b));
});

test.each([
	['up{job="a b"}', 'up{job="ab"}'],
	['up{job="a#b"}', 'up{job="a"}'],
	["x and y", "xandy"],
	["x > 1", "x >= 1"],
	["x - 1", "x + 1"],
	[`up{job='a"b'}`, 'up{job="ab"}'],
])("%s and %s are not", (a, b) => {
	expect(plainExpression(a)).not.toBe(plainExpression(b));
});
