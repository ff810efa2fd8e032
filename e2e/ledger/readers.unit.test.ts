import { expect, test, vi } from "vitest";
import { findFlaws } from "./checker.ts";
import { makeHistory, store } from "./made-history.ts";
import { readFromPrometheus, readFromThanos } from "./readers.ts";

/** The fourth is on its way while the question is asked. */
const history = makeHistory("auap");
const ledger = { history, selector: "ledger" };
const written = history.entries.slice(0, 3);

test("Prometheus is asked for what was written until the last number that was acknowledged", async () => {
	const rawSamples = vi.fn(async () => [
		{ metric: {}, values: store(written) },
	]);
	const reading = await readFromPrometheus({ rawSamples }, ledger);
	expect(reading).toEqual({ written, series: [store(written)] });
	expect(findFlaws(reading)).toEqual([]);
	expect(rawSamples).toHaveBeenCalledExactlyOnceWith("ledger", "2001ms", 3000);
});

test("Thanos is asked for what was written until the last number that was acknowledged", async () => {
	const rawSamples = vi.fn(async () => [
		{ metric: {}, values: store(written) },
	]);
	expect(await readFromThanos({ rawSamples }, ledger)).toEqual({
		written,
		series: [store(written)],
	});
	expect(rawSamples).toHaveBeenCalledExactlyOnceWith("ledger", {
		from: history.startedAt,
		to: 3000,
	});
});

test("a ledger without an acknowledged write cannot be read", async () => {
	const rawSamples = vi.fn(async () => []);
	const failed = { ...ledger, history: makeHistory("rup") };
	await expect(readFromPrometheus({ rawSamples }, failed)).rejects.toThrow(
		"nothing was acknowledged",
	);
});
