import type { KubeClient } from "../clients/kubernetes.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import type {
	ActiveTarget,
	Rule,
	RuleGroup,
} from "../clients/prometheus-schemas.ts";
import { clusterNow } from "../common/clock/cluster-clock.ts";
import { parseDuration } from "../common/duration.ts";
import { listPlantedNamespaces } from "./cluster-state.ts";
import { withoutPlantedTargets } from "./own-targets.ts";
import { withoutPlanted } from "./rules/loaded-groups.ts";

/** What Prometheus has done since a moment. What has a longer interval than the wait is left out of it. */
export interface Rounds {
	/**
	 * The URLs of the targets that were not scraped yet, nor tried twice, or of whose scrape the samples may not be stored
	 * yet.
	 */
	readonly late: readonly string[];
	/**
	 * Why what is missing will not come, as a clause: every target was scraped twice, or tried three times, and then each
	 * group of rules evaluated twice, since less was missing for the last time. Undefined as long as that is not so.
	 *
	 * @param missing what is missing now, each by its name: a rule that reads another one comes an evaluation later
	 */
	readonly whyHopeless: (missing: readonly string[]) => string | undefined;
}

/**
 * Counts the rounds of scrapes and evaluations of each replica since a moment. Whoever waits for a series sees by them
 * when it is too late for it, on a slow machine and on a fast one.
 *
 * @param longest milliseconds; what has a longer interval is not waited for
 */
export function watchRounds(
	kube: KubeClient,
	prometheus: PrometheusClient,
	longest: number,
	since = clusterNow(),
): () => Promise<Rounds> {
	const counters = new Map<string, ReturnType<typeof makeRoundCounter>>();
	return async () => {
		const rounds: Rounds[] = [];
		const plantedNamespaces = await listPlantedNamespaces(kube);
		for (const replica of await prometheus.each()) {
			const count =
				counters.get(replica.name) ?? makeRoundCounter(since, longest);
			counters.set(replica.name, count);
			const { active } = await replica.targets({ state: "active" });
			rounds.push(
				count(
					withoutPlantedTargets(active, { plantedNamespaces }),
					withoutPlanted(await replica.ruleGroups(), plantedNamespaces),
					clusterNow(),
				),
			);
		}
		return {
			late: rounds.flatMap(({ late }) => late),
			whyHopeless: (missing) => {
				const reasons = rounds.map((each) => each.whyHopeless(missing));
				return reasons.every(Boolean) ? reasons[0] : undefined;
			},
		};
	};
}

type Target = Pick<
	ActiveTarget,
	"scrapePool" | "scrapeUrl" | "health" | "lastScrape" | "scrapeInterval"
>;
type Group = Pick<RuleGroup, "interval"> & {
	readonly rules: readonly Pick<Rule, "lastEvaluation">[];
};

/** The scrapes of a target that were seen, by their times. */
interface Seen {
	readonly tried: Set<string>;
	readonly up: Set<string>;
}

function keyOf({ scrapePool, scrapeUrl }: Target): string {
	return `${scrapePool} ${scrapeUrl}`;
}

/** @param since milliseconds, as all times here */
export function makeRoundCounter(since: number, longest: number) {
	const seen = new Map<string, Seen>();
	let scrapedTwiceAt: number | undefined;
	let lastMissing: string | undefined;

	return (
		active: readonly Target[],
		groups: readonly Group[],
		now: number,
	): Rounds => {
		const awaited = active.filter(
			({ scrapeInterval = "1m" }) => parseDuration(scrapeInterval) < longest,
		);
		// A target is up a moment before its samples can be queried: what this look sees counts from the next one on.
		const late = awaited.filter((each) => !wasScraped(each, 1));
		for (const each of awaited) note(each);
		if (active.length === 0 || !awaited.every((each) => wasScraped(each, 2)))
			scrapedTwiceAt = undefined;
		else scrapedTwiceAt ??= now;
		return {
			late:
				active.length === 0
					? ["a first target"]
					: late.map(({ scrapeUrl }) => scrapeUrl),
			whyHopeless: (missing) => {
				const names = missing.toSorted().join("\n");
				if (names !== lastMissing && scrapedTwiceAt !== undefined)
					scrapedTwiceAt = now;
				lastMissing = names;
				return wereEvaluatedTwice(groups, scrapedTwiceAt)
					? "meanwhile Prometheus has tried to scrape every target at least twice, and then evaluated the rules twice"
					: undefined;
			},
		};
	};

	function note(target: Target): void {
		const key = keyOf(target);
		const { health, lastScrape } = target;
		if (Date.parse(lastScrape) < since) {
			// Prometheus has restarted, and knows nothing of what it scraped before.
			seen.delete(key);
			return;
		}
		const scrapes = seen.get(key) ?? { tried: new Set(), up: new Set() };
		seen.set(key, scrapes);
		scrapes.tried.add(lastScrape);
		if (health === "up") scrapes.up.add(lastScrape);
	}

	/** A scrape may fail: a target that was tried once more has had its chance, too. */
	function wasScraped(target: Target, times: number): boolean {
		const of = seen.get(keyOf(target));
		return of !== undefined && (of.up.size >= times || of.tried.size > times);
	}

	function wereEvaluatedTwice(
		groups: readonly Group[],
		moment: number | undefined,
	): boolean {
		return (
			moment !== undefined &&
			groups
				.filter(({ interval }) => interval * 1000 < longest)
				.every(({ rules, interval }) =>
					rules.every(
						({ lastEvaluation }) =>
							lastEvaluation.getTime() > moment + interval * 1000,
					),
				)
		);
	}
}
