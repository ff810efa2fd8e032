import type { KubeClient } from "../clients/kubernetes.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import type {
	ActiveTarget,
	Rule,
	RuleGroup,
} from "../clients/prometheus-schemas.ts";
import { clusterNow } from "../common/clock/cluster-clock.ts";
import { parseDuration } from "../common/duration.ts";
import { findLateTargets } from "./late-targets.ts";
import { readOwnTargets } from "./own-targets.ts";
import { readOwnGroups } from "./rules/loaded-groups.ts";

/** What Prometheus has done since a moment. */
export interface Rounds {
	/** Every target was scraped, or tried to be, at least once, and what was scraped can be queried. */
	readonly allScraped: boolean;
	/**
	 * Why what is not there now will not come, as a clause: every target was scraped twice, and then each group of rules
	 * evaluated twice, once for rules and once more for rules that read those. Undefined as long as that is not so.
	 */
	readonly givenUp: string | undefined;
}

/**
 * Counts the rounds of scrapes and evaluations since a moment. Whoever waits for a series sees by them when it is too late
 * for it, on a slow machine and on a fast one.
 *
 * @param longest milliseconds; what has a longer interval is not waited for
 */
export function watchRounds(
	kube: KubeClient,
	prometheus: PrometheusClient,
	longest: number,
	since = clusterNow(),
): () => Promise<Rounds> {
	const count = roundCounter(since, longest);
	return async () =>
		count(
			await readOwnTargets(kube, prometheus),
			await readOwnGroups(kube, prometheus),
			clusterNow(),
		);
}

type Target = Pick<ActiveTarget, "lastScrape" | "scrapeInterval">;
type Group = Pick<RuleGroup, "interval"> & {
	readonly rules: readonly Pick<Rule, "lastEvaluation">[];
};

/** @param since milliseconds, as all times here */
export function roundCounter(since: number, longest: number) {
	// A target is up a moment before its samples can be queried: what one look has seen counts from the next one on.
	let [sawScraped, scrapedTwice] = [false, undefined as number | undefined];
	return (
		active: readonly Target[],
		groups: readonly Group[],
		now: number,
	): Rounds => {
		const allScraped = sawScraped;
		sawScraped ||=
			active.length > 0 && findLateTargets(active, since, longest).length === 0;
		if (sawScraped && active.every((each) => isSecondScrape(each)))
			scrapedTwice ??= now;
		const evaluated = groups
			.filter(({ interval }) => interval * 1000 < longest)
			.every(({ rules, interval }) =>
				rules.every(
					({ lastEvaluation }) =>
						scrapedTwice !== undefined &&
						lastEvaluation.getTime() > scrapedTwice + interval * 1000,
				),
			);
		return {
			allScraped,
			givenUp:
				scrapedTwice !== undefined && evaluated
					? "meanwhile Prometheus has scraped every target twice, and then evaluated all rules twice"
					: undefined,
		};
	};
	/** Scrapes are an interval apart, so that one before it was after the moment, too. */
	function isSecondScrape({ lastScrape, scrapeInterval = "1m" }: Target) {
		const interval = parseDuration(scrapeInterval);
		return interval >= longest || Date.parse(lastScrape) > since + interval;
	}
}
