/**
 * A read of which callers at the same time share the answer: while one is under way, all who ask get the next one. What a
 * caller gets was never read before it asked.
 */
export function shareRead<T>(read: () => Promise<T>): () => Promise<T> {
	let underWay: Promise<unknown> | undefined;
	let next: Promise<T> | undefined;
	const begin = () => {
		const begun = read().finally(() => {
			if (underWay === begun) underWay = undefined;
		});
		underWay = begun;
		return begun;
	};
	return () => {
		if (!underWay) return begin();
		next ??= underWay
			.catch(() => undefined)
			.then(() => {
				next = undefined;
				return begin();
			});
		return next;
	};
}
