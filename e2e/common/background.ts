/**
 * Begins a step that is awaited later. Where it fails before that, the failure waits too, instead of ending the process
 * as an unhandled rejection.
 */
export function inBackground<T>(action: () => Promise<T>): Promise<T> {
	const result = action();
	result.catch(() => undefined);
	return result;
}
