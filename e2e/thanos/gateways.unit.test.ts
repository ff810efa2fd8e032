import { expect, test } from "vitest";
import { allStartAfter, describeGateways } from "./gateways.ts";

const day = 86_400_000;
const now = Date.parse("2026-05-01T12:00:00Z");
const recent = { args: ["store", "--min-time=-30d"] };
const rest = { args: ["store", "--max-time=-29d"] };

test("of store gateways that share the time, one that has the old blocks is enough", () => {
	const year = now - 365 * day;
	expect(allStartAfter([recent], 1, year, now)).toBe(true);
	for (const all of [
		[recent, rest],
		[rest, recent],
	])
		expect(allStartAfter(all, 2, year, now)).toBe(false);
	expect(allStartAfter([recent, recent], 2, year, now)).toBe(true);
	expect(allStartAfter([recent], 1, now - day, now)).toBe(false);
});

test("nothing is said of store gateways whose arguments are not known", () => {
	expect(allStartAfter([recent], 2, 0, now)).toBe(false);
	expect(allStartAfter([], 0, 0, now)).toBe(false);
});

test("arguments and bucket are named", () => {
	const objectStore = "bucket old (type S3), by Secret thanos-objstore";
	expect(describeGateways([{ ...recent, objectStore }])).toBe(
		`; it is started with --min-time=-30d; it reads ${objectStore}`,
	);
	expect(describeGateways([recent, rest])).toBe(
		"; store gateway 1 is started with --min-time=-30d; store gateway 2 is started with --max-time=-29d",
	);
	expect(describeGateways([{ args: ["store"] }])).toBe("");
});
