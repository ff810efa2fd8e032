/**
 * Makes a step for passes that remove something, which is told how much is left after each.
 *
 * @param limit milliseconds
 * @returns whether nothing has gone for so long. Not before a second pass: the engine may be long about the first one.
 */
export function makeStallWatch(
	limit: number,
	now: () => number = () => performance.now(),
): (left: number) => boolean {
	let least: number | undefined;
	let since = 0;
	return (left) => {
		if (least === undefined || left < least) {
			least = left;
			since = now();
		}
		return now() - since >= limit;
	};
}
