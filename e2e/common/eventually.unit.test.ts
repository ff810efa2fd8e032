import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { GroundError } from "./errors.ts";
import { eventually, HopelessError, NeverSeenError } from "./eventually.ts";

beforeEach(() => {
	vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
	vi.useRealTimers();
});

const silence = Object.assign(new Error("connect ECONNREFUSED"), {
	noAnswer: true,
});
const fail = (error: Error) => () => {
	vi.advanceTimersByTime(31_000);
	return Promise.reject(error);
};

test("what nobody answers for a minute is the ground's fault", async () => {
	await expect(
		eventually("x is there", 600_000, fail(silence), () => true),
	).rejects.toThrow(GroundError);
});

test("an answer that refuses is waited through until the budget ends", async () => {
	await expect(
		eventually("x is there", 60_000, fail(new Error("503")), () => true),
	).rejects.toThrow(
		new NeverSeenError("x is there: not within 62.0 s; last seen: 503"),
	);
});

test("a wait that can no longer succeed ends at once", async () => {
	await expect(
		eventually(
			"x is there",
			60_000,
			fail(new HopelessError("gone")),
			() => true,
		),
	).rejects.toThrow("x is there: hopeless after 31.0 s: gone");
});

test("what was seen last is told", async () => {
	await expect(
		eventually(
			"x is there",
			0,
			async () => 1,
			(n) => `${n} is not 2`,
		),
	).rejects.toThrow("last seen: 1 is not 2");
});
