import type { ActiveTarget } from "../clients/prometheus-schemas.ts";
import { parseDuration } from "../common/duration.ts";

/**
 * The targets that were not scraped, or tried to be, since a moment, although a wait is longer than their interval.
 *
 * @param since in milliseconds
 * @param wait in milliseconds
 */
export function findLateTargets<
	T extends Pick<ActiveTarget, "lastScrape" | "scrapeInterval">,
>(active: readonly T[], since: number, wait: number): T[] {
	return active.filter(
		({ lastScrape, scrapeInterval }) =>
			Date.parse(lastScrape) < since &&
			(scrapeInterval === undefined || parseDuration(scrapeInterval) < wait),
	);
}
