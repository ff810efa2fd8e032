import { describe } from "vitest";
import { budgets } from "./common/budgets.ts";
import { clusterNow } from "./common/clock/cluster-clock.ts";
import { parseDuration } from "./common/duration.ts";
import { eventually, type NotYet, notYet } from "./common/eventually.ts";
import { waitForPrometheusConfig } from "./harness/readiness/prometheus-config.ts";
import { addons } from "./harness/set-up/addons/addons.ts";
import { readClusterState } from "./scraping/cluster-state.ts";
import { readKubeletSeries } from "./scraping/kubelet-series.ts";
import { findShortLookback } from "./scraping/lookback.ts";
import { waitForMeasured } from "./scraping/measured-intervals.ts";
import {
	findMissingTargets,
	listUnpromised,
} from "./scraping/missing-targets.ts";
import { readOwnTargets } from "./scraping/own-targets.ts";
import {
	promisedComponents,
	promisedTargets,
} from "./scraping/promised-targets.ts";
import {
	findBrokenPromises,
	readPromiseGround,
} from "./scraping/promises/broken-promises.ts";
import {
	compareIntervals,
	readGlobalInterval,
} from "./scraping/rendered-intervals.ts";
import { watchRounds } from "./scraping/rounds.ts";
import { findMissingDefaults } from "./scraping/rules/default-rules.ts";
import { waitForHeardAlerts } from "./scraping/rules/heard-alerts.ts";
import {
	explainRuleProblems,
	longestInterval,
	readOwnGroups,
	tryNotStored,
} from "./scraping/rules/loaded-groups.ts";
import {
	describeExcused,
	whyNotRecorded,
} from "./scraping/rules/recorded-rules.ts";
import { watchRecordedSeries } from "./scraping/rules/recorded-series.ts";
import { describeUntimed, findWrongTimings } from "./scraping/target-timing.ts";
import { test } from "./test.ts";

/** "Scrape interval: 60 seconds", in milliseconds. */
const promisedInterval = 60_000;

/** The problems, one a line; undefined if there are none. */
function unlessNone(problems: readonly string[]): NotYet | undefined {
	return problems.length === 0 ? undefined : notYet(problems.join("\n"));
}

describe("Prometheus scrapes what the monitors define and the homelab promises, every minute", {
	tags: ["ignores-secrets", "upgrade"],
}, () => {
	test.concurrent("each monitor's scrape pools have all their targets, and all are up", async ({
		kube,
		prometheus,
		environment,
		annotate,
	}) => {
		await eventually(
			"every scrape pool has its targets, and they are up",
			budgets.scrapeInterval,
			async () =>
				unlessNone(
					await findMissingTargets(kube, prometheus, environment.namespace),
				),
		);
		const unpromised = await listUnpromised(kube, prometheus);
		if (unpromised.length > 0) await annotate(unpromised.join("; "));
	});

	test.concurrent("each component that the homelab names is scraped, Node Exporter on every node", async ({
		kube,
		prometheus,
	}) => {
		const ground = await readPromiseGround(kube, clusterNow());
		const promised = promisedTargets.filter(
			(each) => !("addon" in each && each.addon),
		);
		await eventually(
			"Prometheus has series of every component that the homelab names",
			budgets.scrapeInterval,
			async () =>
				unlessNone(await findBrokenPromises(promised, prometheus, ground)),
		);
	});

	test.concurrent("each kubelet that is scraped has its own and its containers' series", async ({
		prometheus,
		annotate,
	}) => {
		const began = clusterNow();
		const { notScraped } = await eventually(
			"Prometheus has the series of each kubelet that is scraped",
			budgets.scrapeInterval,
			async () => {
				const found = await readKubeletSeries(prometheus, began);
				return unlessNone(found.missing) ?? found;
			},
		);
		if (notScraped.length > 0) await annotate(notScraped.join("; "));
	});

	test.concurrent("each addon is scraped through its own ServiceMonitor", async ({
		environment,
		kube,
		prometheus,
		skip,
		annotate,
	}) => {
		const promised = promisedComponents.filter(
			({ addon }) => addon && environment.addons.includes(addon),
		);
		skip(promised.length === 0, "no addon runs here");
		const ground = await readPromiseGround(kube, clusterNow());
		await eventually(
			"Prometheus has series of every addon",
			budgets.scrapeInterval,
			async () =>
				unlessNone(await findBrokenPromises(promised, prometheus, ground)),
		);
		const others = addons.flatMap(({ name, monitoring }) =>
			monitoring && environment.addons.includes(name) ? [monitoring] : [],
		);
		if (others.length > 0)
			await annotate(
				`not every chart creates a ServiceMonitor for everything that is scraped: ${others.join("; ")}`,
				"corrected",
			);
	});

	test.concurrent("every loaded scrape configuration has an interval of 60 s", async ({
		kube,
		prometheus,
		environment,
		annotate,
		expect,
	}) => {
		const { namespace } = environment;
		// What is loaded may be older than what is wanted now.
		await waitForPrometheusConfig(kube, namespace, async () =>
			compareIntervals(
				await readGlobalInterval(kube, namespace),
				await readClusterState(kube),
				await prometheus.config(),
			),
		);
		const { global, scrape_configs } = await prometheus.config();
		expect(scrape_configs).not.toHaveLength(0);
		const { scrape_interval, evaluation_interval } = global;
		const flags = await prometheus.flags();
		const others = [{ job_name: "global", scrape_interval }, ...scrape_configs]
			.filter(
				(each) => parseDuration(each.scrape_interval) !== promisedInterval,
			)
			.map((each) => `${each.job_name}: ${each.scrape_interval}`)
			.concat(findShortLookback(flags, promisedInterval, evaluation_interval));
		expect(others, '"Scrape interval: 60 seconds", but').toEqual([]);
		// The configuration alone does not show how often targets are scraped.
		const measured = await waitForMeasured(kube, prometheus);
		expect(measured.map(({ configured }) => configured)).toEqual(["1m0s"]);
		const median = measured[0]?.median ?? 0;
		await annotate(`${median.toFixed(2)} s between two scrapes of a target`);
		expect(Math.round(median), "seconds between two scrapes").toBe(60);
	});

	test.concurrent("every target has an interval of 60 s, and a time-out that is not longer", async ({
		kube,
		prometheus,
		annotate,
	}) => {
		// Prometheus gives its targets a new configuration some seconds after it has loaded it.
		const own = await eventually(
			"every target is scraped every 60 s",
			budgets.scrapeInterval,
			async () => {
				const { scrape_configs } = await prometheus.config();
				const targets = await readOwnTargets(kube, prometheus);
				if (targets.length === 0)
					return notYet("Prometheus has no active target");
				return (
					unlessNone(
						findWrongTimings(targets, scrape_configs, promisedInterval),
					) ?? targets
				);
			},
		);
		const untimed = describeUntimed(own);
		if (untimed) await annotate(untimed);
	});

	test.concurrent("every rule is loaded with health ok", async ({
		kube,
		prometheus,
		environment,
		expect,
	}) => {
		const interval = longestInterval(await readOwnGroups(kube, prometheus));
		const loaded = await eventually(
			"all groups of all PrometheusRules are loaded, with health ok",
			budgets.ruleReload + interval,
			async () => {
				const groups = await readOwnGroups(kube, prometheus);
				return (
					unlessNone(
						await explainRuleProblems(kube, environment.namespace, groups),
					) ?? groups
				);
			},
		);
		expect(
			await tryNotStored(loaded, (expression) =>
				prometheus.evaluate(expression),
			),
		).toEqual([]);
		expect(findMissingDefaults(loaded)).toEqual([]);
	});

	test.concurrent("no alert reads what is never there", ({
		kube,
		prometheus,
	}) => waitForHeardAlerts(kube, prometheus, promisedInterval));

	test.concurrent("recording rules have recorded their series", async ({
		kube,
		prometheus,
		annotate,
	}) => {
		const began = clusterNow();
		// A rate needs two scrapes, and then an evaluation.
		const budget = budgets.twoScrapes + budgets.ruleReload;
		const rounds = watchRounds(kube, prometheus, budget);
		const check = watchRecordedSeries(prometheus, promisedInterval, began);
		const recorded = await eventually(
			"each recording rule has recorded its series, or has nothing to record for a good reason",
			budget,
			async () => {
				const done = await rounds();
				const groups = await readOwnGroups(kube, prometheus);
				const found = await check(groups);
				return whyNotRecorded(found, done) ?? found;
			},
		);
		const excused = describeExcused(recorded);
		if (excused) await annotate(excused);
	});
});
