import type { ActiveTarget } from "../clients/prometheus-schemas.ts";

/** A target's health, with its last error. */
export function describeHealth(target: ActiveTarget): string {
	const { scrapeUrl, health, lastError } = target;
	if (health === "unknown") return `${scrapeUrl} has not been scraped yet`;
	return `${scrapeUrl} is ${health}${lastError ? `: ${lastError}` : ""}`;
}

/** Where the operator mounts what `secrets` and `configMaps` of a Prometheus name, and nothing else puts a file. */
const unmounted =
	/open \/etc\/prometheus\/(?:secrets|configmaps)\/\S+: (?:no such file or directory|permission denied)/;

/**
 * Whether a target is down because Prometheus cannot read a file that its own object should mount, such as a password:
 * that is never the target's fault, wherever it is. Files elsewhere may be brought by an injector or by a volume that only
 * the homelab has.
 */
export function lacksFile({
	health,
	lastError,
}: Pick<ActiveTarget, "health" | "lastError">): boolean {
	return health !== "up" && unmounted.test(lastError);
}
