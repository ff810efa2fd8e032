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
	lasting: false,
	needs: [],
};
const missing: RecordedRule = {
	name: "c:d",
	outcome: "missing",
	why: "a cause",
	lasting: false,
	needs: [],
};
const excused: RecordedRule = {
	name: "e:f",
	outcome: "excused",
	why: "a reason",
	lasting: false,
	needs: [],
};

const early = { allScraped: false };

test("each rule that should have recorded something is reported with its cause", () => {
	expect(whyNotRecorded([recorded, missing], early)?.reason).toBe(
		"recording rule c:d has recorded nothing new: a cause",
	);
});

test("rules that have recorded, or are excused, pass", () => {
	expect(whyNotRecorded([recorded, excused], early)).toBeUndefined();
});

test.each([[[]], [[excused]]])("%j proves nothing", (rules) => {
	expect(whyNotRecorded(rules, early)?.reason).toBe(
		"no recording rule has recorded anything",
	);
});

test("waiting ends once nothing can change any more", () => {
	const lasting: RecordedRule = { ...missing, lasting: true };
	const scraped = { allScraped: true };
	expect(whyNotRecorded([lasting], early)?.reason).toContain("a cause");
	expect(() => whyNotRecorded([recorded, lasting], scraped)).toThrow("a cause");
	expect(whyNotRecorded([lasting, missing], scraped)?.reason).toContain(
		"a cause",
	);
	expect(() =>
		whyNotRecorded([lasting, missing], {
			...scraped,
			givenUp: "all was tried twice",
		}),
	).toThrow("; all was tried twice");
});

test("excused rules are listed by their reason, each name once", () => {
	expect(describeExcused([recorded, excused, excused])).toBe(
		"nothing recorded by 2 of 3 recording rules: e:f (a reason)",
	);
	expect(describeExcused([recorded])).toBeUndefined();
});
