import { expect, test } from "vitest";
import { formatSelector, labelSelector, selects } from "./label-selector.ts";

test.each([
	[{}, ""],
	[{ matchLabels: { app: "x", tier: "y" } }, "app=x,tier=y"],
	[
		{ matchExpressions: [{ key: "tier", operator: "In", values: ["a", "b"] }] },
		"tier in (a,b)",
	],
	[
		{ matchExpressions: [{ key: "tier", operator: "NotIn", values: ["a"] }] },
		"tier notin (a)",
	],
	[
		{
			matchLabels: { app: "x" },
			matchExpressions: [
				{ key: "tier", operator: "Exists" },
				{ key: "old", operator: "DoesNotExist" },
			],
		},
		"app=x,tier,!old",
	],
])("%j is written as %j", (selector, text) => {
	expect(formatSelector(labelSelector.parse(selector))).toBe(text);
});

test("a selector selects only labels that fit all of it", () => {
	const selector = labelSelector.parse({
		matchLabels: { app: "x" },
		matchExpressions: [
			{ key: "tier", operator: "NotIn", values: ["a"] },
			{ key: "old", operator: "DoesNotExist" },
		],
	});
	expect(selects(selector, { app: "x" })).toBe(true);
	expect(selects(selector, { app: "x", tier: "b" })).toBe(true);
	expect(selects(selector, { app: "x", tier: "a" })).toBe(false);
	expect(selects(selector, { app: "x", old: "" })).toBe(false);
	expect(selects(selector, { tier: "b" })).toBe(false);
});
