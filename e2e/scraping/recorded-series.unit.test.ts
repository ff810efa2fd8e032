import { expect, test } from "vitest";
import type { Rule } from "../clients/prometheus-schemas.ts";
import { describeIdle, whyNotRecorded } from "./recorded-series.ts";

function makeRule(name: string): Rule {
	return {
		type: "recording",
		name,
		query: "up",
		health: "ok",
		lastError: "",
		lastEvaluation: new Date(0),
		labels: {},
	};
}

test("a rule that should have recorded something is reported with its expression", () => {
	const found = { missing: [makeRule("a:b")], idle: [], recorded: 1 };
	expect(whyNotRecorded(found)?.reason).toBe(
		"the expression yields series, the recording rule none: a:b of up",
	);
	expect(whyNotRecorded({ missing: [], idle: [], recorded: 0 })?.reason).toBe(
		"no recording rule has recorded anything",
	);
});

test("rules with nothing to record pass, and each name is listed once", () => {
	const idle = ["a:b", "a:b", "c:d"].map(makeRule);
	const found = { missing: [], idle, recorded: 1 };
	expect(whyNotRecorded(found)).toBeUndefined();
	expect(describeIdle(found)).toBe(
		"nothing to record for 2 recording rules: a:b, c:d",
	);
	expect(describeIdle({ ...found, idle: [] })).toBeUndefined();
});
