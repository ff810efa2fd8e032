import { describe, expect, test } from "vitest";
import type { ClaimStatus } from "../harness/claims/summary.ts";
import { judgeHealthy, judgeMutation } from "./judge.ts";

const results = (a: ClaimStatus, b: ClaimStatus) => [
	{ id: "a", status: a, message: `the message of a, ${a}` },
	{ id: "b", status: b, message: `the message of b, ${b}` },
];
const ofA = { claim: "a", alsoRefutes: [] };

describe("a mutation", () => {
	test.each([
		["only its claim refuted", results("refuted", "proven"), "caught"],
		["the other corrected", results("refuted", "corrected"), "caught"],
		["no claim refuted", results("proven", "proven"), "missed"],
		[
			"another claim refuted instead",
			results("proven", "refuted"),
			"caught by another claim",
		],
		[
			"another claim refuted, too",
			results("refuted", "refuted"),
			"caught by another claim",
		],
		[
			"another claim without a result",
			results("refuted", "inconclusive"),
			"no verdict",
		],
		[
			"its claim not tested",
			results("refuted", "proven").slice(1),
			"no verdict",
		],
		["nothing tested", [], "no verdict"],
	] as const)("with %s", (_, seen, outcome) => {
		expect(judgeMutation(ofA, seen).outcome).toBe(outcome);
	});

	test("says which claim is not as it must be, and what that claim said", () => {
		expect(judgeMutation(ofA, results("refuted", "refuted")).message).toBe(
			"b is refuted: the message of b, refuted",
		);
		expect(judgeMutation(ofA, results("proven", "proven")).message).toBe(
			"a is proven: the message of a, proven",
		);
	});

	test("must refute also the further claims that it names", () => {
		const both = { claim: "a", alsoRefutes: ["b"] };
		const judge = (status: ClaimStatus) =>
			judgeMutation(both, results("refuted", status)).outcome;
		expect(judge("refuted")).toBe("caught");
		expect(judge("proven")).toBe("missed");
	});

	test("is missed if its claim is refuted for another reason", () => {
		const seen = results("refuted", "proven");
		expect(judgeMutation({ ...ofA, says: "of a" }, seen).outcome).toBe(
			"caught",
		);
		const verdict = judgeMutation({ ...ofA, says: "sample limit" }, seen);
		expect(verdict.outcome).toBe("missed");
		expect(verdict.message).toContain("does not match /sample limit/");
	});

	test("is not blamed for what another one of its group must refute", () => {
		const others = [{ claim: "b", alsoRefutes: [] }];
		const seen = results("refuted", "refuted");
		expect(judgeMutation(ofA, seen, others).outcome).toBe("caught");
	});
});

describe("a healthy variation", () => {
	test.each([
		["all claims proven", results("proven", "corrected"), "proven"],
		["a claim refuted", results("proven", "refuted"), "false alarm"],
		[
			"a claim without a result",
			results("proven", "inconclusive"),
			"no verdict",
		],
		["no claim tested", [], "no verdict"],
	] as const)("with %s", (_, seen, outcome) => {
		expect(judgeHealthy(seen).outcome).toBe(outcome);
	});
});
