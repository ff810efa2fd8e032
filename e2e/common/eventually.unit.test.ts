import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import { budgets } from "./budgets.ts";
import { EnvironmentError } from "./errors.ts";
import {
	eventually,
	HopelessError,
	NeverSeenError,
	notYet,
} from "./eventually.ts";

afterEach(() => {
	vi.useRealTimers();
	vi.restoreAllMocks();
});

/** Fails after half a minute by the monotonic clock. */
function failSlowly(error: Error) {
	vi.useFakeTimers({ toFake: ["performance"] });
	return () => {
		vi.advanceTimersByTime(31_000);
		return Promise.reject(error);
	};
}

test("the probe's value is returned", async () => {
	let calls = 0;
	const value = await eventually("x is there", 60_000, async () => {
		calls += 1;
		return calls === 2 ? "x" : notYet("not there");
	});
	expect(value).toBe("x");
});

test("no answer for a minute is the test environment's fault", async () => {
	const silence = Object.assign(new Error("connect ECONNREFUSED"), {
		noAnswer: true,
	});
	await expect(
		eventually("x is there", 600_000, failSlowly(silence)),
	).rejects.toThrow(EnvironmentError);
});

test("an error answer is retried until the budget ends", async () => {
	await expect(
		eventually("x is there", 60_000, failSlowly(new Error("503"))),
	).rejects.toThrow(
		new NeverSeenError("x is there: not within 62.0 s; last seen: 503"),
	);
});

test("a wait that can no longer succeed ends at once", async () => {
	await expect(
		eventually("x is there", 60_000, failSlowly(new HopelessError("gone"))),
	).rejects.toThrow("x is there: hopeless after 31.0 s: gone");
});

test("the error names the last reason", async () => {
	await expect(
		eventually("x is there", 100, async () => notYet("1 is not 2")),
	).rejects.toThrow("last seen: 1 is not 2");
});

test("a first probe that hangs is abandoned after the time that a request may take", async () => {
	const end = AbortSignal.timeout.bind(AbortSignal);
	const timeout = vi
		.spyOn(AbortSignal, "timeout")
		.mockImplementation((limit) => end(limit / 100));
	const hangs = eventually(
		"x is there",
		100,
		() => new Promise<never>(() => undefined),
	);
	await expect(hangs).rejects.toThrow(
		/x is there: not within \d\.\d s; last seen: the first probe did not return/,
	);
	expect(timeout).toHaveBeenCalledWith(100 + budgets.request);
});

test("a first answer may come after the budget", async () => {
	const slow = async () => {
		await sleep(200);
		return "x";
	};
	expect(await eventually("x is there", 100, slow)).toBe("x");
});

test("why the first probe failed after the budget is the error's cause", async () => {
	const refused = new Error("no answer within 20 s");
	const fails = eventually("x is there", 100, async () => {
		await sleep(200);
		throw refused;
	});
	await expect(fails).rejects.toMatchObject({
		message: expect.stringContaining("last seen: no answer within 20 s"),
		cause: refused,
	});
});

test("a probe that hangs at the end does not hide what was seen before", async () => {
	let calls = 0;
	const hangs = eventually("x is there", 1500, () => {
		calls += 1;
		return calls === 1
			? Promise.resolve(notYet("x is on its way"))
			: new Promise<never>(() => undefined);
	});
	await expect(hangs).rejects.toThrow("last seen: x is on its way");
});

test("a budget may be a fraction of a millisecond", async () => {
	const left: number[] = [];
	await eventually("x is there", 1.1 * 90_000, async (attempt) => {
		left.push(attempt.left);
	});
	expect(left.every(Number.isInteger)).toBe(true);
});

test("a probe knows how much of the budget is left", async () => {
	const left: number[] = [];
	await eventually("x is there", 60_000, async (attempt) => {
		left.push(attempt.left);
		return left.length === 2 || notYet("once more");
	});
	const [first = 0, second = 0] = left;
	expect(first).toBeLessThanOrEqual(60_000);
	// It paused in between.
	expect(second).toBeLessThan(first - 400);
});
