import { describe, expect, test } from "vitest";
import { describeGap, findGaps, gapsBetween } from "./gaps.ts";
import { makeHistory } from "./made-history.ts";

test("there is a gap between neighbouring times", () => {
	expect(gapsBetween([1, 4, 9])).toEqual([
		{ from: 1, to: 4 },
		{ from: 4, to: 9 },
	]);
	expect(gapsBetween([1])).toEqual([]);
});

describe("the gaps of a ledger", () => {
	test("lie between two acknowledgements", () => {
		const [gap, ...others] = findGaps(makeHistory("aaruua").entries);
		expect(others).toEqual([]);
		expect(gap).toMatchObject({ from: 2005, to: 6005 });
		expect(gap && describeGap(gap)).toBe(
			"no sample was acknowledged for 4.0 s: 3 writes failed (3 to 5), 1 of them refused, the last with: 503 no endpoints",
		);
	});

	test("have ended", () => {
		expect(findGaps(makeHistory("aauup").entries)).toEqual([]);
	});

	test("have ended after a moment", () => {
		const { entries } = makeHistory("auaua");
		expect(findGaps(entries, 3005)).toMatchObject([{ to: 5005 }]);
		expect(findGaps(entries)).toHaveLength(2);
	});
});
