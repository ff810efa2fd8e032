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
	until: "rounds",
	needs: [],
};
const missing: RecordedRule = {
	name: "c:d",
	outcome: "missing",
	why: "a cause",
	until: "rounds",
	needs: [],
};
const excused: RecordedRule = {
	name: "e:f",
	outcome: "excused",
	why: "a reason",
	until: "rounds",
	needs: [],
};

const early = {
	late: ["http://10.42.0.2:8080/metrics"],
	whyHopeless: () => undefined,
};

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

test("waiting ends when it cannot help any more", () => {
	const scraped = { ...early, late: [] };
	const over = { ...scraped, whyHopeless: () => "all was tried twice" };
	const dropped: RecordedRule = { ...missing, until: "scraped" };
	expect(whyNotRecorded([dropped], early)?.reason).toContain("a cause");
	expect(() => whyNotRecorded([recorded, dropped], scraped)).toThrow("a cause");
	const both = [dropped, missing];
	expect(whyNotRecorded(both, scraped)?.reason).toContain("a cause");
	expect(() => whyNotRecorded(both, over)).toThrow("; all was tried twice");
});

test("excused rules are listed by their reason, each name once", () => {
	expect(describeExcused([recorded, excused, excused])).toBe(
		"nothing recorded by 2 of 3 recording rules: e:f (a reason)",
	);
	expect(describeExcused([recorded])).toBeUndefined();
});
