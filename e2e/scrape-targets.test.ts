import { sum } from "es-toolkit";
import { describe } from "vitest";
import { budgets } from "./common/budgets.ts";
import { parseDuration } from "./common/duration.ts";
import { eventually } from "./common/eventually.ts";
import { addons } from "./harness/set-up/addons/addons.ts";
import {
	listPlantedNamespaces,
	readClusterState,
} from "./scraping/cluster-state.ts";
import { waitUntilConfigIsLoaded } from "./scraping/loaded-config.ts";
import { readMeasuredIntervals } from "./scraping/measured-intervals.ts";
import { findMissingTargets } from "./scraping/missing-targets.ts";
import {
	findBrokenPromises,
	promisedComponents,
	promisedTargets,
} from "./scraping/promised-targets.ts";
import {
	checkRecordedSeries,
	describeIdle,
	describeRecorded,
} from "./scraping/recorded-series.ts";
import {
	compareIntervals,
	readGlobalInterval,
} from "./scraping/rendered-intervals.ts";
import {
	compareRules,
	listPrometheusRules,
	longestInterval,
	withoutPlanted,
} from "./scraping/rules.ts";
import { test } from "./test.ts";

const noneOf = (problems: readonly string[]) =>
	problems.length === 0 || problems.join("\n");

/** What a test may take beyond its wait: the last look, which is made after the budget is spent. */
const _lastLook = 3 * budgets.request;

describe("Prometheus scrapes what the monitors and the homelab say, each minute", {
	tags: ["upgrade"],
}, () => {
	test.concurrent("each monitor's scrape pools have their full number of targets, all up", async ({
		kube,
		prometheus,
	}) => {
		await eventually(
			"every scrape pool has its targets, and they are up",
			budgets.scrapeInterval,
			() => findMissingTargets(kube, prometheus),
			noneOf,
		);
	});

	test.concurrent("each component that the homelab names is scraped, Node Exporter on every node", async ({
		kube,
		prometheus,
	}) => {
		const nodes = await kube.list({ apiVersion: "v1", kind: "Node" });
		await eventually(
			"Prometheus has series of every component that the homelab names",
			budgets.scrapeInterval,
			() =>
				findBrokenPromises(
					promisedTargets.filter((each) => !("addon" in each && each.addon)),
					prometheus,
					nodes.map(({ metadata }) => metadata.name),
				),
			noneOf,
		);
	});

	test.concurrent("each addon is scraped by way of its own ServiceMonitor", async ({
		environment,
		prometheus,
		skip,
		annotate,
	}) => {
		const promised = promisedComponents.filter(
			({ addon }) => addon && environment.addons.includes(addon),
		);
		skip(promised.length === 0, "no addon runs here");
		await eventually(
			"Prometheus has series of every addon",
			budgets.scrapeInterval,
			() => findBrokenPromises(promised, prometheus, []),
			noneOf,
		);
		const others = addons.flatMap(({ name, monitoring }) =>
			monitoring && environment.addons.includes(name) ? [monitoring] : [],
		);
		if (others.length > 0)
			await annotate(
				`not each chart makes a ServiceMonitor of all that is scraped: ${others.join("; ")}`,
				"corrected",
			);
	});

	test.concurrent("every scrape configuration that is loaded has an interval of 60 s", async ({
		kube,
		prometheus,
		environment,
		annotate,
		expect,
	}) => {
		const { namespace } = environment;
		// What is loaded may be older than what is asked for now.
		await waitUntilConfigIsLoaded(kube, prometheus, namespace, async () =>
			compareIntervals(
				await readGlobalInterval(kube, namespace),
				await readClusterState(kube),
				await prometheus.config(),
			),
		);
		const { global, scrape_configs } = await prometheus.config();
		const others = scrape_configs.filter(
			({ scrape_interval }) => parseDuration(scrape_interval) !== 60_000,
		);
		expect(scrape_configs).not.toHaveLength(0);
		expect(
			others.map(
				({ job_name, scrape_interval }) => `${job_name}: ${scrape_interval}`,
			),
		).toEqual([]);
		expect(parseDuration(global.scrape_interval)).toBe(60_000);
		// What it is told is one thing, what it does another.
		const measured = await eventually(
			"Prometheus has measured the interval of half of its targets",
			budgets.twoScrapes,
			async () => {
				const { active } = await prometheus.targets({ state: "active" });
				const intervals = readMeasuredIntervals(await prometheus.metrics());
				return { intervals, wanted: active.length / 2 };
			},
			({ intervals, wanted }) => {
				const count = sum(intervals.map((each) => each.count));
				return count >= wanted || `${count} of ${Math.ceil(wanted)}`;
			},
		);
		expect(measured.intervals.map(({ asked }) => asked)).toEqual(["1m0s"]);
		const median = measured.intervals[0]?.median ?? 0;
		await annotate(`between two scrapes of a target: ${median.toFixed(2)} s`);
		expect(Math.round(median)).toBe(60);
	});

	test.concurrent("every rule is loaded with health ok", async ({
		kube,
		prometheus,
		expect,
	}) => {
		const interval = longestInterval(
			await listPrometheusRules(kube, await listPlantedNamespaces(kube)),
		);
		const rules = await eventually(
			"all groups of all PrometheusRules are loaded, with health ok",
			budgets.ruleReload + Math.min(interval, budgets.ruleInterval),
			async () => {
				const planted = await listPlantedNamespaces(kube);
				const wanted = await listPrometheusRules(kube, planted);
				const groups = withoutPlanted(await prometheus.ruleGroups(), planted);
				return { groups, problems: compareRules(wanted, groups) };
			},
			({ problems }) => noneOf(problems),
		);
		const types = rules.groups.flatMap((group) =>
			group.rules.map(({ type }) => type),
		);
		expect(new Set(types)).toEqual(new Set(["alerting", "recording"]));
	});

	test.concurrent("recording rules have recorded their series", async ({
		prometheus,
		annotate,
	}) => {
		const recorded = await eventually(
			"recorded series exist wherever their expressions yield any",
			budgets.ruleReload,
			async () => {
				const groups = await prometheus.ruleGroups();
				return checkRecordedSeries(
					prometheus,
					groups.flatMap(({ rules }) => rules),
				);
			},
			describeRecorded,
		);
		const idle = describeIdle(recorded);
		if (idle) await annotate(idle);
	});
});
