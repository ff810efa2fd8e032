/** An end that may be asked for twice, by a test and by its clean-up. What has failed is tried again. */
export function onlyOnce(action: () => Promise<unknown>): () => Promise<void> {
	let done = false;
	return async () => {
		if (done) return;
		await action();
		done = true;
	};
}
