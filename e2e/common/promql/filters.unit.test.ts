import { expect, test } from "vitest";
import { withoutFilters } from "./filters.ts";

test.each([
	["sum(up) > 0", "(sum(up))"],
	["0 < up", "(up)"],
	["count(up == 0) or vector(0)", "count((up)) or vector(0)"],
	["count(up == bool 0)", "count(up == bool 0)"],
	['absent(up{job="a"})', '(up{job="a"})'],
	["sum by (a) (b unless on (c) d)", "sum by (a) ((b))"],
	["rate(a[5m]) / b", "rate(a[5m]) / b"],
	["a > a offset 1w * 2", "(a)"],
	['a{b!="c"} == 0 and d{e!~"f"}', '(a{b!="c"}) and d{e!~"f"}'],
	["a / a offset 1w > 2", "(a / (a offset 1w))"],
])("%s leaves nothing out as %s", (expression, whole) => {
	expect(withoutFilters(expression)).toBe(whole);
});
