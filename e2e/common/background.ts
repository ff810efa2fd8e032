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

/** Waits until a promise is settled, whatever its outcome, but no longer than so many milliseconds. */
export async function settleWithin(
	promise: Promise<unknown>,
	limit: number,
): Promise<void> {
	await Promise.race([
		Promise.allSettled([promise]),
		pause(limit, undefined, { ref: false }),
	]);
}
