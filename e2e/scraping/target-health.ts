import type { ActiveTarget } from "../clients/prometheus-schemas.ts";

/** A target's health, with its last error. */
export function describeHealth(target: ActiveTarget): string {
	const { scrapeUrl, health, lastError } = target;
	if (health === "unknown") return `${scrapeUrl} has not been scraped yet`;
	return `${scrapeUrl} is ${health}${lastError ? `: ${lastError}` : ""}`;
}

/**
 * Whether a target is down because Prometheus cannot read a file of its own, such as a password that is not mounted: that
 * is never the target's fault, wherever it is.
 */
export function lacksFile({
	health,
	lastError,
}: Pick<ActiveTarget, "health" | "lastError">): boolean {
	return (
		health !== "up" &&
		/open \/\S+: (no such file or directory|permission denied)/.test(lastError)
	);
}
