import { expect, test } from "vitest";
import type { Rule } from "../clients/prometheus.ts";
import { describeIdle, describeRecorded } from "./recorded-series.ts";

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

test("a rule that should have recorded something is named with its expression", () => {
	const found = { missing: [makeRule("a:b")], idle: [], recorded: 1 };
	expect(describeRecorded(found)).toBe(
		"the expression yields series, the recording rule none: a:b of up",
	);
	expect(describeRecorded({ missing: [], idle: [], recorded: 0 })).toBe(
		"no recording rule has recorded anything",
	);
});

test("rules with nothing to record pass, and each name is told once", () => {
	const idle = ["a:b", "a:b", "c:d"].map(makeRule);
	const found = { missing: [], idle, recorded: 1 };
	expect(describeRecorded(found)).toBe(true);
	expect(describeIdle(found)).toBe(
		"nothing to record for 2 recording rules: a:b, c:d",
	);
	expect(describeIdle({ ...found, idle: [] })).toBeUndefined();
});
