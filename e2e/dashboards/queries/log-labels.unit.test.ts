import { expect, test } from "vitest";
import { labelsNeededBy, streamSelectorsIn } from "./log-labels.ts";

test.each([
	['{namespace="media"} |= "error"', ["namespace"]],
	['{ a = "b", c=~`d+` , e!="" }', ["a", "c", "e"]],
	['{a=~".*", b="", c!="d", e!~".+", f=~"x"}', ["f"]],
	['sum(rate({a="b"} | json | line_format "{{.c}} {x=\\"y\\"}" [5m]))', ["a"]],
	['sum(rate({a="b"}[5m])) / sum(rate({c="d"}[5m]))', ["a", "c"]],
	['{a=~"b{2}|\\\\d+"}', ["a"]],
	["vector(1)", []],
])("%s needs the labels %j", (expression, labels) => {
	expect(labelsNeededBy(expression)).toEqual(labels);
});

test("selectors are told from braces in texts", () => {
	expect(
		streamSelectorsIn('{a="}"} | line_format `{b="c"}` | json x="{d=\\"e\\"}"'),
	).toEqual(['{a="}"}']);
});
