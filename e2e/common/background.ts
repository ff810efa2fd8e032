/**
 * Starts a step that is awaited later. If it fails before that, the failure is kept until then, instead of ending the
 * process as an unhandled rejection.
 */
export function inBackground<T>(action: () => Promise<T>): Promise<T> {
	const result = action();
	result.catch(() => undefined);
	return result;
}
