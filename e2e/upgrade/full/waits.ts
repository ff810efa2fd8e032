import { budgets } from "../../common/budgets.ts";
import { eventually, NeverSeenError } from "../../common/eventually.ts";
import { findMissingTargets } from "../../scraping/missing-targets.ts";
import type { Stack } from "./state.ts";

/** Waits until Prometheus scrapes everything that it should: it may have been killed a moment ago, by a claim. */
export function waitUntilComplete({
	kube,
	prometheus,
}: Stack): Promise<unknown> {
	return eventually(
		"everything that is to be scraped is scraped",
		budgets.scrapeInterval,
		() => findMissingTargets(kube, prometheus),
		(missing) => missing.length === 0 || missing.join("; "),
	);
}

/** Waits until each pool has as many targets up as before, scraped since. */
export function waitUntilScraped(
	{ prometheus }: Stack,
	pools: readonly [pool: string, count: number][],
	since: number,
): Promise<unknown> {
	return eventually(
		"everything that was scraped before is scraped again",
		budgets.scrapeInterval,
		async () => {
			const { active } = await prometheus.targets({ state: "active" });
			const up = active.filter(
				({ health, lastScrape }) =>
					health === "up" && Date.parse(lastScrape) > since,
			);
			const counts = Map.groupBy(up, ({ scrapePool }) => scrapePool);
			return pools.filter(
				([pool, count]) => (counts.get(pool)?.length ?? 0) < count,
			);
		},
		(missing) =>
			missing.length === 0 || missing.map(([pool]) => pool).join(", "),
	);
}

/** What is still missing then is told by the claims. */
export function unlessSeen(error: unknown): undefined {
	if (!(error instanceof NeverSeenError)) throw error;
	return undefined;
}
