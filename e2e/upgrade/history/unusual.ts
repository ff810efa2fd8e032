import { median } from "es-toolkit";
import type { PastUpgrade } from "./past-upgrade.ts";

/** With fewer upgrades before it, nobody knows what is ordinary. */
const fewest = 5;
/** Seconds. What differs less is noise of the machine. */
const noise = 10;

/**
 * What of an upgrade is out of the ordinary, a sentence each: what took longer than in any of the upgrades before, and more
 * than twice what is usual.
 */
export function findUnusual(
	before: readonly PastUpgrade[],
	{ figures }: PastUpgrade,
): string[] {
	return Object.entries(figures).flatMap(([name, seconds]) => {
		const earlier = before.flatMap((each) => each.figures[name] ?? []);
		if (earlier.length < fewest) return [];
		const usual = median(earlier);
		const longest = Math.max(...earlier);
		return seconds > longest && seconds > 2 * usual && seconds > usual + noise
			? [
					`${name} ${seconds} s; in the ${earlier.length} upgrades before, the median was ${usual} s and the longest ${longest} s`,
				]
			: [];
	});
}
