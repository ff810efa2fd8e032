import { setTimeout as sleep } from "node:timers/promises";
import { clamp } from "es-toolkit";
import { budgets } from "./budgets.ts";
import { EnvironmentError, isSilence, messageOf } from "./errors.ts";
import { stopSignal } from "./interruption.ts";

/** Thrown by a probe to end a wait that can no longer succeed. */
export class HopelessError extends Error {
	override readonly name = "HopelessError";
}

/** A wait timed out. The message says what it waited for, how long, and what was seen last. */
export class NeverSeenError extends Error {
	override readonly name = "NeverSeenError";
}

/** What a probe returns until the awaited state is reached. */
export class NotYet {
	readonly reason: string;

	constructor(reason: string) {
		this.reason = reason;
	}
}

/** @param reason why the awaited state is not reached, as a clause: "pod x is Pending" */
export function notYet(reason: string): NotYet {
	return new NotYet(reason);
}

/** One call of a probe. */
export interface Attempt {
	/** What is left of the budget, in milliseconds. */
	readonly left: number;
}

/** Between two probes: twice the time of the last one, within these bounds. What is waited for needs the machine, too. */
const pause = { least: 500, most: 5000 };
/** The last probe begins this long before the budget is spent: later it would have no time. */
const lastProbe = 500;

/**
 * Calls `probe` until it returns its value instead of `notYet(reason)`, and returns that value. Time is counted by
 * the monotonic clock. A probe that does not return in time is abandoned, except the first: nothing is known without its
 * answer, so it has as long as a request may take. What it was asked in time may be answered late.
 *
 * @param what the awaited state as a clause, e.g. "Prometheus fires KubePodCrashLooping"
 * @param budget milliseconds, one of `budgets`
 * @param probe reads the state; an error that it throws counts as "not yet", unless it is a HopelessError
 * @param eager pauses as little as it can between two probes, for what is only there for seconds
 * @throws NeverSeenError
 * @throws EnvironmentError if there is no answer at all for `budgets.silence`
 */
export async function eventually<T>(
	what: string,
	budget: number,
	probe: (attempt: Attempt) => Promise<T | NotYet>,
	{ eager = false }: { readonly eager?: boolean } = {},
): Promise<T> {
	const started = performance.now();
	const deadline = endAfter(budget);
	let signal = endAfter(budget + budgets.request);
	let last = "the first probe did not return";
	let cause: unknown;
	let answered = started;
	for (;;) {
		if (stopSignal.aborted)
			throw new NeverSeenError(`${what}: given up because the run was stopped`);
		const probed = performance.now();
		try {
			const left = Math.ceil(started + budget - performance.now());
			const value = await unlessAborted(probe({ left }), signal);
			answered = performance.now();
			if (!(value instanceof NotYet)) return value;
			last = value.reason;
			cause = undefined;
		} catch (error) {
			if (error instanceof HopelessError) {
				throw new NeverSeenError(
					`${what}: hopeless after ${elapsed(started)}: ${error.message}`,
					{ cause: error },
				);
			}
			// What a probe says of its own abandonment must not hide what was seen before.
			if (!signal.aborted) {
				last = messageOf(error);
				cause = error;
				if (!isSilence(error)) answered = performance.now();
				else if (performance.now() - answered >= budgets.silence)
					throw new EnvironmentError(
						`${what}: given up because there was no answer for ${elapsed(answered)}: ${last}`,
						{ cause },
					);
			}
		}
		signal = deadline;
		if (stopSignal.aborted) continue;
		const left = started + budget - performance.now();
		if (left <= lastProbe) {
			throw new NeverSeenError(
				`${what}: not within ${elapsed(started)}; last seen: ${last}`,
				{ cause },
			);
		}
		const took = performance.now() - probed;
		const rest = eager ? pause.least : clamp(2 * took, pause.least, pause.most);
		// The last probe must have the time that it needs.
		const untilLast = Math.max(0, left - Math.max(lastProbe, took));
		await sleep(Math.min(rest, untilLast), undefined, {
			signal: stopSignal,
		}).catch(() => undefined);
	}
}

function endAfter(milliseconds: number): AbortSignal {
	const limit = AbortSignal.timeout(Math.ceil(Math.max(milliseconds, 1)));
	return AbortSignal.any([limit, stopSignal]);
}

/** A probe had not returned when its time was over. */
class AbandonedError extends Error {}

async function unlessAborted<T>(
	result: Promise<T>,
	signal: AbortSignal,
): Promise<T> {
	const abandoned = Promise.withResolvers<never>();
	const abandon = () => abandoned.reject(new AbandonedError());
	if (signal.aborted) abandon();
	else signal.addEventListener("abort", abandon, { once: true });
	try {
		return await Promise.race([result, abandoned.promise]);
	} finally {
		signal.removeEventListener("abort", abandon);
		// Nothing awaits an abandoned probe: its failure must not end the process.
		result.catch(() => undefined);
	}
}

function elapsed(since: number): string {
	return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
