import { expect, test } from "vitest";
import { metricsIn } from "./promql.ts";

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
