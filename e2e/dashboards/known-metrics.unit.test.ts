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

test("what is stored or excused may be used, and nothing else", () => {
	const known = know({});
	expect(known.has("up")).toBe(true);
	expect(known.has("limits")).toBe(true);
	expect(known.has("gone")).toBe(false);
});

test("a recorded metric is excused if one of its sources is", () => {
	const known = know({
		"a:limits": "sum(limits) / sum(up)",
		"b:a:limits": "sum(a:limits)",
		"a:up": 'sum(up{job="renamed"})',
		"a:gone": "sum(gone)",
	});
	expect(known.has("a:limits")).toBe(true);
	expect(known.has("b:a:limits")).toBe(true);
	expect(known.has("a:up")).toBe(false);
	expect(known.has("a:gone")).toBe(false);
});

test("a rule that uses itself and an alerting rule excuse nothing", () => {
	expect(know({ loop: "loop offset 1m" }).has("loop")).toBe(false);
	expect(know({ Down: "limits" }, "alerting").has("Down")).toBe(false);
});
