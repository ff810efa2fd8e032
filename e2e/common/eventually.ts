import { setTimeout as pause } from "node:timers/promises";
import { stopSignal } from "./command.ts";
import { GroundError, isSilence, messageOf } from "./errors.ts";

/** Thrown by a probe or a condition to end a wait that can no longer succeed. */
export class HopelessError extends Error {
	override readonly name = "HopelessError";
}

/** A wait ended without what it waited for. Says what, how long, and what was seen last. */
export class NeverSeenError extends Error {
	override readonly name = "NeverSeenError";
}

const pollEvery = 500;
/** An API server that says nothing for so long is gone: k3s starts anew within seconds. */
const longestSilence = 60_000;

/**
 * Waits until `condition` accepts what `probe` returns, and returns that value.
 *
 * @param what the awaited state as a clause, e.g. "Prometheus fires KubePodCrashLooping"
 * @param budget milliseconds, one of `budgets`
 * @param probe reads the state; a thrown error counts as "not yet", unless it is a HopelessError
 * @param condition `true` when it is there, otherwise the reason why it is not
 */
export async function eventually<T>(
	what: string,
	budget: number,
	probe: () => Promise<T>,
	condition: (value: T) => true | string,
): Promise<T> {
	const started = Date.now();
	let last = "nothing was seen";
	let cause: unknown;
	let answered = started;
	for (;;) {
		if (stopSignal.aborted)
			throw new NeverSeenError(`${what}: given up, for the run was stopped`);
		try {
			const value = await probe();
			answered = Date.now();
			const verdict = condition(value);
			if (verdict === true) return value;
			last = verdict;
			cause = undefined;
		} catch (error) {
			if (error instanceof HopelessError) {
				throw new NeverSeenError(
					`${what}: hopeless after ${elapsed(started)}: ${error.message}`,
					{ cause: error },
				);
			}
			last = messageOf(error);
			cause = error;
			if (!isSilence(error)) answered = Date.now();
			else if (Date.now() - answered >= longestSilence)
				throw new GroundError(
					`${what}: given up, for nobody has answered for ${elapsed(answered)}: ${last}`,
					{ cause },
				);
		}
		if (Date.now() - started >= budget) {
			throw new NeverSeenError(
				`${what}: not within ${elapsed(started)}; last seen: ${last}`,
				{ cause },
			);
		}
		await pause(pollEvery);
	}
}

function elapsed(since: number): string {
	return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
