import { afterEach, expect, test, vi } from "vitest";
import { EnvironmentError } from "./errors.ts";
import {
	eventually,
	HopelessError,
	NeverSeenError,
	notYet,
} from "./eventually.ts";

afterEach(() => {
	vi.useRealTimers();
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

test("a probe that hangs is abandoned when the budget ends, and its signal is aborted", async () => {
	let aborted = false;
	const hangs = eventually("x is there", 100, ({ signal }) => {
		signal.addEventListener("abort", () => {
			aborted = true;
		});
		return new Promise<never>(() => undefined);
	});
	await expect(hangs).rejects.toThrow(
		/x is there: not within 0\.\d s; last seen: the first probe did not return/,
	);
	expect(aborted).toBe(true);
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

test("what a probe says of its own abandonment is not what was seen last", async () => {
	let calls = 0;
	const fails = eventually("x is there", 1500, ({ signal }) => {
		calls += 1;
		return calls === 1
			? Promise.resolve(notYet("x is on its way"))
			: new Promise<never>((_, reject) => {
					signal.addEventListener("abort", () => reject(signal.reason));
				});
	});
	await expect(fails).rejects.toThrow("last seen: x is on its way");
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
