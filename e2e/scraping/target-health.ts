import type { ActiveTarget } from "../clients/prometheus-schemas.ts";

/** A target's health, with its last error. */
export function describeHealth(target: ActiveTarget): string {
	const { scrapeUrl, health, lastError } = target;
	if (health === "unknown") return `${scrapeUrl} has not been scraped yet`;
	return `${scrapeUrl} is ${health}${lastError ? `: ${lastError}` : ""}`;
}
