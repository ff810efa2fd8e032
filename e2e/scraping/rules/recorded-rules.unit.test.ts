import { expect, test } from "vitest";
import {
	describeExcused,
	type RecordedRule,
	whyNotRecorded,
} from "./recorded-rules.ts";

const recorded: RecordedRule = {
	name: "a:b",
	outcome: "recorded",
	why: "",
	needs: [],
};
const missing: RecordedRule = {
	name: "c:d",
	outcome: "missing",
	why: "a cause",
	needs: [],
};
const excused: RecordedRule = {
	name: "e:f",
	outcome: "excused",
	why: "a reason",
	needs: [],
};

test("each rule that should have recorded something is reported with its cause", () => {
	expect(whyNotRecorded([recorded, missing])?.reason).toBe(
		"recording rule c:d has recorded nothing new: a cause",
	);
});

test("rules that have recorded, or are excused, pass", () => {
	expect(whyNotRecorded([recorded, excused])).toBeUndefined();
});

test.each([[[]], [[excused]]])("%j proves nothing", (rules) => {
	expect(whyNotRecorded(rules)?.reason).toBe(
		"no recording rule has recorded anything",
	);
});

test("excused rules are listed by their reason, each name once", () => {
	expect(describeExcused([recorded, excused, excused])).toBe(
		"nothing recorded by 2 of 3 recording rules: e:f (a reason)",
	);
	expect(describeExcused([recorded])).toBeUndefined();
});
