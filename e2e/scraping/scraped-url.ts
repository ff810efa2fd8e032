import type { ActiveTarget } from "../clients/prometheus-schemas.ts";

/** Where a target is scraped, and where it was discovered before relabelling. Undefined if it has no such URL. */
export interface ScrapedUrl {
	readonly scraped: URL;
	/** By the address alone. */
	readonly discovered: URL;
}

/** Reads both with the same scheme, so that a scheme's own port is the same, said or not. */
export function readScrapedUrl({
	discoveredLabels,
	scrapeUrl,
}: Pick<ActiveTarget, "discoveredLabels" | "scrapeUrl">):
	| ScrapedUrl
	| undefined {
	const scraped = URL.parse(scrapeUrl);
	const discovered =
		scraped &&
		URL.parse(`${scraped.protocol}//${discoveredLabels.__address__ ?? ""}`);
	return scraped && discovered ? { scraped, discovered } : undefined;
}
