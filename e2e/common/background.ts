import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";

/**
 * Starts a step that is awaited later. If it fails before that, the failure is kept until then, instead of ending the
 * process as an unhandled rejection.
 */
export function inBackground<T>(action: () => Promise<T>): Promise<T> {
	const result = action();
	result.catch(() => undefined);
	return result;
}

/**
 * Waits until a promise is settled, whatever its outcome, but no longer than so many milliseconds.
 *
 * @param signal ends the wait when it is aborted
 */
export async function settleWithin(
	promise: Promise<unknown>,
	limit: number,
	signal?: AbortSignal,
): Promise<void> {
	await Promise.race([
		Promise.allSettled([promise]),
		pause(limit, undefined, { ref: false, ...(signal && { signal }) }).catch(
			() => undefined,
		),
	]);
}

/** Waits until a signal is aborted. */
export async function whenAborted(signal: AbortSignal): Promise<void> {
	if (!signal.aborted) await once(signal, "abort");
}
