import { budgets } from "../../common/budgets.ts";
import { eventually, NeverSeenError, notYet } from "../../common/eventually.ts";
import { findMissingTargets } from "../../scraping/missing-targets.ts";
import type { Stack } from "./state.ts";

/** Waits until Prometheus scrapes everything it should: a claim may just have killed it. */
export function waitUntilComplete({
	kube,
	prometheus,
	namespace,
}: Stack): Promise<unknown> {
	return eventually(
		"every target is scraped",
		budgets.scrapeInterval,
		async () => {
			const missing = await findMissingTargets(kube, prometheus, namespace);
			return missing.length === 0 || notYet(missing.join("; "));
		},
	);
}

/** Waits until each pool has as many targets up as before, all scraped since a moment. */
export function waitUntilScraped(
	{ prometheus }: Stack,
	pools: readonly [pool: string, count: number][],
	since: number,
): Promise<unknown> {
	return eventually(
		"every target from before the upgrade is scraped again",
		budgets.scrapeInterval,
		async () => {
			const { active } = await prometheus.targets({ state: "active" });
			const up = active.filter(
				({ health, lastScrape }) =>
					health === "up" && Date.parse(lastScrape) > since,
			);
			const counts = Map.groupBy(up, ({ scrapePool }) => scrapePool);
			const missing = pools.filter(
				([pool, count]) => (counts.get(pool)?.length ?? 0) < count,
			);
			return (
				missing.length === 0 ||
				notYet(
					`targets of ${missing.map(([pool]) => pool).join(", ")} are missing`,
				)
			);
		},
	);
}

/** Ignores a wait that timed out: claims report what is still missing. */
export function unlessSeen(error: unknown): undefined {
	if (!(error instanceof NeverSeenError)) throw error;
	return undefined;
}
