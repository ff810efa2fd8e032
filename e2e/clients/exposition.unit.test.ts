import { expect, test } from "vitest";
import { growthOf, parseExposition, sumOf } from "./exposition.ts";

test("the text format is parsed with labels, without comments", () => {
	const samples = parseExposition(
		[
			"# HELP a_total Things.",
			"# TYPE a_total counter",
			"a_total 3",
			'a_total{path="/x{y}",quote="say \\"hi\\""} 1.5e2 1700000000000',
			'b{le="+Inf"} +Inf',
			"",
		].join("\n"),
	);
	expect(samples).toEqual([
		{ name: "a_total", labels: {}, value: 3 },
		{
			name: "a_total",
			labels: { path: "/x{y}", quote: 'say "hi"' },
			value: 150,
		},
		{ name: "b", labels: { le: "+Inf" }, value: Number.POSITIVE_INFINITY },
	]);
	expect(sumOf(samples, "a_total")).toBe(153);
	expect(sumOf(samples, "never_counted")).toBe(0);
});

test("a counter begins at 0 when its component restarts", () => {
	const read = (started: number, count: number) => [
		{ name: "process_start_time_seconds", labels: {}, value: started },
		{ name: "a_total", labels: {}, value: count },
	];
	expect(growthOf("a_total", read(100, 3), read(100, 5))).toBe(2);
	expect(growthOf("a_total", read(100, 3), read(100.9, 3))).toBe(0);
	expect(growthOf("a_total", read(100, 3), read(160, 2))).toBe(2);
	expect(growthOf("b_total", read(100, 3), read(100, 5))).toBe(0);
});
