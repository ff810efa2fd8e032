import { expect, test } from "vitest";
import {
	makeSelector,
	metricsIn,
	missingIn,
	type Selector,
	selectorsIn,
	windowsIn,
	withoutMatchers,
} from "./expressions.ts";

test.each([
	["up", ["up"]],
	[
		'sum by (namespace) (rate(http_requests_total{job="a"}[5m]))',
		["http_requests_total"],
	],
	['{__name__="up", job="a"}', ["up"]],
	["a:b:sum / on (x) group_left c_d", ["a:b:sum", "c_d"]],
	["rate(x_total[$__rate_interval]) > $threshold", ["x_total"]],
	['label_replace(up, "a", "$1", "b", "(.*)")', ["up"]],
	["not PromQL at all (", []],
])("%s selects %j", (expression, metrics) => {
	expect(metricsIn(expression)).toEqual(expect.arrayContaining(metrics));
});

test("a function, a label and a grouping are no metrics", () => {
	expect(metricsIn('sum by (pod) (rate(x_total{container!=""}[5m]))')).toEqual([
		"x_total",
	]);
});

test.each([
	["up", []],
	["gone", ["gone"]],
	["up / gone or vector(0)", ["gone"]],
	["up - (gone or vector(0))", ["gone"]],
	["up or gone", []],
	["sum(gone) or on (a) (other or up)", []],
	["up + gone or lost", ["gone", "lost"]],
	["up unless on (a) gone", []],
	["gone unless up", ["gone"]],
	['{__name__="gone"} + rate(gone[5m])', ['{__name__="gone"}', "gone"]],
	['gone{a="b"} offset 5m', ['gone{a="b"}']],
	["vector(0)", []],
	["excused", []],
	["excused or up", []],
	["excused or gone", ["gone"]],
])("%s cannot do without %j", (expression, missing) => {
	const stores = ({ metric }: Selector) => metric === "up";
	const has = (selector: Selector) =>
		stores(selector) || selector.metric === "excused";
	expect(missingIn(expression, { has, stores })).toEqual(missing);
});

test("a selector matches all labels given, quoted", () => {
	expect(makeSelector("up", { job: "a", path: 'b"c' })).toBe(
		'up{job="a",path="b\\"c"}',
	);
});

test("selectors are found with their matchers, and ranges with their selectors", () => {
	const selector = { metric: "a", text: 'a{b="c"}' };
	expect(selectorsIn('sum(rate(a{b="c"}[1m0s] offset 2m)) / up')).toEqual([
		selector,
		{ metric: "up", text: "up" },
	]);
	expect(windowsIn('sum(rate(a{b="c"}[1m0s] offset 2m)) / up')).toEqual([
		{ selector, window: "1m0s", by: "rate" },
	]);
});

test("the metric's name is no matcher that can be left out", () => {
	const selector = { metric: "a", text: '{__name__="a", b="c"}' };
	expect(withoutMatchers(selector, () => true).text).toBe('{__name__="a"}');
});

test.each([
	['a{b="c", code=~"5.."}', 'a{b="c"}'],
	['a{code="5", b="c",}', 'a{b="c"}'],
	['{__name__="a",code="5"}', '{__name__="a"}'],
	["a", "a"],
])("%s without matchers on code is %s", (text, kept) => {
	const selector = { metric: "a", text };
	expect(withoutMatchers(selector, (each) => each.startsWith("code"))).toEqual({
		metric: "a",
		text: kept,
	});
});
