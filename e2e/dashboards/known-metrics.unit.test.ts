import { expect, test } from "vitest";
import { KnownMetrics } from "./known-metrics.ts";

function know(
	rules: Record<string, string>,
	type: "recording" | "alerting" = "recording",
) {
	const group = {
		name: "g",
		file: "f",
		interval: 60,
		rules: Object.entries(rules).map(([name, query]) => ({
			type,
			name,
			query,
			health: "ok" as const,
			lastError: "",
			lastEvaluation: new Date(0),
			labels: {},
		})),
	};
	const excused = (metric: string) =>
		metric === "limits" ? "nobody sets one" : undefined;
	return new KnownMetrics(["up"], [group], excused);
}

test("what is stored or excused is not missing, anything else is", () => {
	const known = know({});
	expect(known.missing("up")).toEqual([]);
	expect(known.missing("limits")).toEqual([]);
	expect(known.missing("gone")).toEqual(["gone"]);
});

test("what a rule records is missing only if what the rule asks for is", () => {
	const known = know({
		"a:limits": "sum(limits)",
		"a:up": "count(up == 0)",
		"b:a:up": "sum(a:up)",
		"a:gone": "sum(gone) / sum(up)",
		"b:a:gone": "sum(a:gone)",
	});
	expect(known.missing("a:limits")).toEqual([]);
	expect(known.missing("b:a:up")).toEqual([]);
	expect(known.missing("a:gone")).toEqual(["gone"]);
	expect(known.missing("b:a:gone")).toEqual(["gone"]);
});

test("a rule that asks for itself alone, and an alert, explain nothing", () => {
	expect(know({ loop: "loop offset 1m" }).missing("loop")).toEqual(["loop"]);
	expect(know({ Down: "up == 0" }, "alerting").missing("Down")).toEqual([
		"Down",
	]);
});
