import { expect, test } from "vitest";
import type { RecordedRule } from "./recorded-rules.ts";
import { settleNeeds } from "./rule-needs.ts";

const makeRule = (
	name: string,
	outcome: RecordedRule["outcome"],
	...needs: string[]
): RecordedRule => ({ name, outcome, why: "a reason", until: "rounds", needs });

function settle(...rules: RecordedRule[]) {
	const names = [...rules.map(({ name }) => name), "i:failing:sum"];
	return settleNeeds(rules, names).map(({ outcome, why }) => ({
		outcome,
		why,
	}));
}

test("a rule may wait for one that has recorded or is excused, or that is judged elsewhere", () => {
	const rules = [
		makeRule("a:up:sum", "excused", "b:up:sum"),
		makeRule("b:up:sum", "excused", "c:up:sum"),
		makeRule("c:up:sum", "excused"),
		makeRule("d:up:sum", "excused", "e:up:sum", "i:failing:sum"),
		makeRule("e:up:sum", "recorded"),
	];
	for (const { outcome } of settle(...rules))
		expect(outcome).not.toBe("missing");
});

test("a rule that needs a missing one, or only itself, is missing", () => {
	const [first, second] = settle(
		makeRule("a:up:sum", "excused", "b:up:sum"),
		makeRule("b:up:sum", "missing"),
	);
	expect(first).toEqual({
		outcome: "missing",
		why: "the rule that records b:up:sum has no series either",
	});
	expect(second?.why).toBe("a reason");
	for (const { outcome } of settle(
		makeRule("a:up:sum", "excused", "b:up:sum"),
		makeRule("b:up:sum", "excused", "a:up:sum"),
	))
		expect(outcome).toBe("missing");
});

test("what no rule records must be made of what the stack does not scrape", () => {
	expect(
		settle(makeRule("a:up:sum", "excused", "instance:node_cpu:ratio"))[0],
	).toEqual({
		outcome: "missing",
		why: "no loaded rule records instance:node_cpu:ratio",
	});
	// The level is a list of labels, and no metric.
	expect(
		settle(makeRule("a:up:sum", "excused", "node_pod:log_errors:rate5m"))[0]
			?.outcome,
	).toBe("excused");
});
