import { expect, test } from "vitest";
import { judge } from "./judge.ts";

const status = (
	a: "proven" | "refuted",
	b: "proven" | "corrected" | "refuted" | "skipped",
) => [
	{ id: "a", status: a },
	{ id: "b", status: b },
];

test.each([
	["only its claim refuted", status("refuted", "proven"), undefined],
	["the other corrected", status("refuted", "corrected"), undefined],
	["its claim proven", status("proven", "proven"), "a is proven, not refuted"],
	[
		"another one also refuted",
		status("refuted", "refuted"),
		"b is refuted, not proven",
	],
	[
		"another not tested",
		status("refuted", "skipped"),
		"b is skipped, not proven",
	],
	["its claim unknown", [], "a was not tested"],
] as const)("%s", (_, results, verdict) => {
	expect(judge([{ claim: "a", alsoRefutes: [] }], results)).toBe(verdict);
});

test("a claim that it also breaks must be refuted, too", () => {
	const mutation = { claim: "a", alsoRefutes: ["b"] };
	expect(judge([mutation], status("refuted", "refuted"))).toBeUndefined();
	expect(judge([mutation], status("refuted", "proven"))).toBe(
		"b is proven, not refuted",
	);
});

test("of several, the claim of each must be refuted", () => {
	const mutations = ["a", "b"].map((claim) => ({ claim, alsoRefutes: [] }));
	expect(judge(mutations, status("refuted", "refuted"))).toBeUndefined();
	expect(judge(mutations, status("refuted", "proven"))).toBe(
		"b is proven, not refuted",
	);
});
